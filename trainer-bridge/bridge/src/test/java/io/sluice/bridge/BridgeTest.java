package io.sluice.bridge;

import static io.sluice.bridge.RecordingListener.next;
import static io.sluice.bridge.TestingRuns.T;
import static io.sluice.bridge.TestingRuns.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.bridge.RecordingListener.Accepted;
import io.sluice.bridge.RecordingListener.Sent;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.Seal;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BridgeTest {

    @TempDir Path folder;

    private final TestingLog log = new TestingLog();
    private final RecordingListener listener = new RecordingListener();
    private final AtomicLong nanos = new AtomicLong();
    private final Plan prior = Records.prior(TestingRuns.spec());
    private final List<Bridge> opened = new ArrayList<>();

    @AfterEach
    void close() {
        log.hang(false);
        opened.forEach(Bridge::close);
    }

    @Test
    void declaresTheRunAndAnnouncesTheAttemptByItsOffset() throws Exception {
        Bridge bridge = open();
        bridge.start();
        assertThat(next(listener.attempts)).isEqualTo(1);
        assertThat(log.all(Topic.RUNS, io.sluice.schemas.RunSpec.class))
                .containsExactly(Records.runSpec(TestingRuns.spec()));
        AttemptStarted attempt = log.all(Topic.RUNS, AttemptStarted.class).get(0);
        assertThat(attempt.getSpecDigest()).isEqualTo(TestingRuns.spec().digest());
        assertThat(attempt.getResumeStep()).isZero();
        assertThat(attempt.getReporters()).containsExactly("rank-0");
        assertThat(Records.plan(attempt.getInForce())).isEqualTo(prior);
    }

    @Test
    void namesTheTopicsThatDoNotExist() {
        log.lack(Topic.PLANS);
        log.lack(Topic.SEALS);
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        MissingTopicsException.class,
                        e -> assertThat(e.topics()).containsExactly("sluice.plans", "sluice.seals"))
                .hasMessageContaining("./sluice topics create");
    }

    @Test
    void stepsAreInTheStoreBeforeTheyAreHandedOut() {
        Bridge bridge = open();
        log.hang(true);
        TrainerSession session = bridge.start();
        for (long step = 0; step < 6; step++) {
            session.plan(step);
            assertThat(bridge.lastSealed().orElseThrow().nextStep()).isGreaterThan(step);
        }
    }

    @Test
    void sealsReachTheLogWithoutAGapAndCarryTheWeightsWhereThePlanChanges() throws Exception {
        TrainerSession session = open().start();
        long attempt = next(listener.attempts);
        train(session, 0, 3);
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, attempt, 0, 5, 0.4, 0.4, 0.2)));
        next(listener.accepted);
        train(session, 4, 8);
        session.close();
        List<Seal> seals = log.all(Topic.SEALS, Seal.class);
        long expected = 0;
        long version = -1;
        for (Seal seal : seals) {
            assertThat(seal.getAttempt()).isEqualTo(attempt);
            assertThat(seal.getFromStep()).isEqualTo(expected);
            assertThat(seal.getWeights().isEmpty()).isEqualTo(seal.getVersion() == version);
            expected = seal.getThroughStep() + 1;
            version = seal.getVersion();
        }
        assertThat(expected).isGreaterThan(8);
        assertThat(version).isEqualTo(1);
    }

    @Test
    void anAcceptedPlanBeginsAtItsEffectiveStepOrAfterTheLastSealedStep() throws Exception {
        TrainerSession session = open().start();
        long attempt = next(listener.attempts);
        assertThat(session.plan(0).version()).isZero();

        Plan first = TestingRuns.next(prior, attempt, 0, 1, 0.4, 0.4, 0.2);
        log.put(Topic.PLANS, Records.plan(first));
        assertThat(next(listener.accepted)).isEqualTo(new Accepted(first, OptionalLong.empty()));
        assertThat(session.plan(1).mixture()).isEqualTo(prior.mixture());
        assertThat(session.plan(2).mixture()).isEqualTo(first.mixture());

        Plan second = TestingRuns.next(first, attempt, 0, 7, 0.2, 0.2, 0.6);
        log.put(Topic.PLANS, Records.plan(second));
        next(listener.accepted);
        for (long step = 3; step < 10; step++) {
            assertThat(session.plan(step).version()).isEqualTo(step < 7 ? 1 : 2);
        }
        assertThat(session.plan(3).version()).isEqualTo(1);
        List<PlanAck> acks = log.await(Topic.ACKS, PlanAck.class, 2);
        assertThat(acks)
                .extracting(PlanAck::getVerdict, PlanAck::getOfferedDigest)
                .containsExactly(
                        tuple(AckVerdict.ACCEPTED, first.digest()),
                        tuple(AckVerdict.ACCEPTED, second.digest()));
    }

    @Test
    void everyRefusalIsAnsweredWithTheMixtureInForce() throws Exception {
        Bridge bridge = open();
        bridge.start();
        long attempt = next(listener.attempts);
        Plan inForce = TestingRuns.next(prior, attempt, 5, 100, 0.4, 0.4, 0.2);
        log.put(Topic.PLANS, Records.plan(inForce));
        next(listener.accepted);

        Plan good = TestingRuns.next(inForce, attempt, 5, 100, 0.3, 0.3, 0.4);
        Plan otherSpec =
                new Plan(
                        good.runId(),
                        attempt,
                        5,
                        "other",
                        0,
                        2,
                        good.replaces(),
                        100,
                        good.mixture(),
                        good.label(),
                        "");
        MixturePlan altered = Records.plan(good.withDigest(inForce.replaces() + "0"));
        MixturePlan offTheSimplex =
                MixturePlan.newBuilder(Records.plan(good)).setWeights(List.of()).build();
        log.put(Topic.PLANS, Records.plan(inForce));
        log.put(
                Topic.PLANS,
                Records.plan(TestingRuns.next(inForce, attempt, 4, 100, 0.3, 0.3, 0.4)));
        log.put(
                Topic.PLANS,
                Records.plan(TestingRuns.next(inForce, attempt - 1, 5, 100, 0.3, 0.3, 0.4)));
        log.put(Topic.PLANS, Records.plan(otherSpec.withDigest(Records.digest(otherSpec))));
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, attempt, 5, 100, 0.3, 0.3, 0.4)));
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(good, attempt, 5, 100, 0.3, 0.3, 0.4)));
        log.put(
                Topic.PLANS,
                Records.plan(TestingRuns.next(inForce, attempt, 5, 100, 0.01, 0.49, 0.5)));
        log.put(Topic.PLANS, altered);
        log.put(Topic.PLANS, offTheSimplex);

        List<PlanAck> acks = log.await(Topic.ACKS, PlanAck.class, 10);
        assertThat(acks)
                .extracting(PlanAck::getVerdict)
                .containsExactly(
                        AckVerdict.ACCEPTED,
                        AckVerdict.REPEATED,
                        AckVerdict.STALE_EPOCH,
                        AckVerdict.OTHER_ATTEMPT,
                        AckVerdict.OTHER_SPEC,
                        AckVerdict.STALE_VERSION,
                        AckVerdict.WRONG_BASE,
                        AckVerdict.BAD_MIXTURE,
                        AckVerdict.BAD_MIXTURE,
                        AckVerdict.BAD_MIXTURE);
        assertThat(acks)
                .allSatisfy(ack -> assertThat(ack.getAttempt()).isEqualTo(attempt))
                .allSatisfy(ack -> assertThat(Records.plan(ack.getInForce())).isEqualTo(inForce));
        for (Verdict verdict :
                List.of(Verdict.STALE_EPOCH, Verdict.OTHER_ATTEMPT, Verdict.OTHER_SPEC)) {
            assertThat(next(listener.refused).verdict()).isEqualTo(verdict);
        }
        assertThat(lines(bridge))
                .contains(
                        "sluice_plans_total{verdict=\"accepted\",} 1.0",
                        "sluice_plans_total{verdict=\"repeated\",} 1.0",
                        "sluice_plans_total{verdict=\"bad_mixture\",} 3.0");
    }

    @Test
    void theFeedSurvivesWhatIsNoPlanOfThisRunAndALogThatBreaks() throws Exception {
        Bridge bridge = open();
        bridge.start();
        long attempt = next(listener.attempts);
        log.breakReads(Topic.PLANS, 2);
        log.put(Topic.PLANS, TestingRuns.RUN, new byte[] {(byte) 0xC3, 1, 2, 3});
        log.put(Topic.PLANS, TestingRuns.RUN, new byte[0]);
        log.put(Topic.PLANS, Records.runSpec(TestingRuns.spec()));
        log.put(Topic.PLANS, "another-run", new byte[] {1});
        Plan good = TestingRuns.next(prior, attempt, 0, 1, 0.4, 0.4, 0.2);
        log.put(Topic.PLANS, Records.plan(good));
        assertThat(next(listener.accepted).plan()).isEqualTo(good);
        assertThat(lines(bridge))
                .contains(
                        "sluice_bridge_errors_total{where=\"plans\",} 3.0",
                        "sluice_bridge_errors_total{where=\"feed\",} 2.0");
    }

    @Test
    void aClosedRoundSaysWhatBecameOfEverySubjectAndPart() throws Exception {
        Bridge bridge = open();
        TrainerSession session = bridge.start();
        long attempt = next(listener.attempts);
        log.refuse(
                record ->
                        record instanceof GroupSignal
                                && ((GroupSignal) record).getSubject().equals("b")
                                && ((GroupSignal) record).getPart() == 1);
        nanos.set(1_000);
        for (long step = 0; step < 4; step++) {
            session.plan(step);
            for (String group : List.of("a", "b")) {
                session.record(observation(Subject.of(new GroupId(group)), 1));
            }
            if (session.measures(step)) {
                session.record(observation(Subject.of(T), 2));
                session.evaluation(T, 3.5, 50);
            }
            session.endStep(step, 0.25);
        }
        assertThat(next(listener.sent)).isEqualTo(new Sent(0, 4, 1));

        List<GroupSignal> signals = log.all(Topic.TELEMETRY, GroupSignal.class);
        assertThat(signals)
                .extracting(GroupSignal::getSubject, GroupSignal::getPart)
                .containsExactly(tuple("a", 0), tuple("a", 1), tuple("b", 0), tuple("t", 0));
        GroupSignal half = signals.get(0);
        assertThat(half.getAttempt()).isEqualTo(attempt);
        assertThat(half.getRound()).isZero();
        assertThat(half.getThroughStep()).isEqualTo(3);
        assertThat(half.getTokens()).isEqualTo(20);
        assertThat(half.getSequences()).isEqualTo(4);
        assertThat(half.getLossSum()).isEqualTo(40);
        assertThat(half.getLossSquareSum()).isEqualTo(100);
        assertThat(half.getPlans()).containsExactly(new PlanTokens(0L, 20L));
        assertThat(half.getSketch().remaining()).isEqualTo(2 * TestingRuns.BUCKETS);
        assertThat(half.getSketch().getShort(0)).isEqualTo((short) 0x0040);

        RoundClosed closed = log.await(Topic.TELEMETRY, RoundClosed.class, 1).get(0);
        assertThat(closed.getOutcomes())
                .containsExactly(
                        outcome(SubjectKind.GROUP, 0, 0, SignalOutcome.ACKNOWLEDGED),
                        outcome(SubjectKind.GROUP, 0, 1, SignalOutcome.ACKNOWLEDGED),
                        outcome(SubjectKind.GROUP, 1, 0, SignalOutcome.ACKNOWLEDGED),
                        outcome(SubjectKind.GROUP, 1, 1, SignalOutcome.DROPPED),
                        outcome(SubjectKind.GROUP, 2, 0, SignalOutcome.ABSENT),
                        outcome(SubjectKind.GROUP, 2, 1, SignalOutcome.ABSENT),
                        outcome(SubjectKind.TARGET, 0, 0, SignalOutcome.ACKNOWLEDGED),
                        outcome(SubjectKind.TARGET, 0, 1, SignalOutcome.ABSENT),
                        outcome(SubjectKind.TARGET, 1, 0, SignalOutcome.ABSENT),
                        outcome(SubjectKind.TARGET, 1, 1, SignalOutcome.ABSENT));
        assertThat(closed.getLearningRate()).isEqualTo(0.25);
        assertThat(closed.getEvaluations()).hasSize(1);
        assertThat(closed.getNanos()).isEqualTo(1_000);
        assertThat(lines(bridge))
                .contains(
                        "sluice_signals_total{outcome=\"acknowledged\",} 4.0",
                        "sluice_signals_total{outcome=\"dropped\",} 1.0",
                        "sluice_rounds_total 1.0");
    }

    /** Acknowledged, it would be rejected later, and its round would wait for it in vain. */
    @Test
    void whatTheJobWouldRejectIsDroppedHereAndTheRoundSaysSo() throws Exception {
        Bridge bridge = open();
        TrainerSession session = bridge.start();
        next(listener.attempts);
        float[] overflown = new float[TestingRuns.BUCKETS];
        overflown[0] = Float.POSITIVE_INFINITY;
        for (long step = 0; step < 4; step++) {
            session.plan(step);
            session.record(new Observation(Subject.of(new GroupId("a")), 10, 2, 20, 50, overflown));
            session.record(
                    new Observation(
                            Subject.of(new GroupId("b")), 10, 2, Double.NaN, 50, new float[0]));
            session.evaluation(T, Double.NaN, 50);
            session.endStep(step, Double.NaN);
        }
        assertThat(next(listener.sent)).isEqualTo(new Sent(0, 0, 4));
        assertThat(log.all(Topic.TELEMETRY, GroupSignal.class)).isEmpty();
        RoundClosed closed = log.await(Topic.TELEMETRY, RoundClosed.class, 1).get(0);
        assertThat(closed.getEvaluations()).isEmpty();
        assertThat(closed.getLearningRate()).isZero();
        assertThat(closed.getOutcomes())
                .filteredOn(outcome -> outcome.getOutcome() == SignalOutcome.DROPPED)
                .hasSize(4);
    }

    @Test
    void roundsThatFindTheQueueFullAreDroppedCountedAndStillClosed() throws Exception {
        Bridge bridge = open();
        TrainerSession session = bridge.start();
        next(listener.attempts);
        log.hang(true);
        train(session, 0, 3);
        log.awaitStuck(Topic.TELEMETRY);
        train(session, 4, 19);
        while (bridge.status().queuedRounds() < 4) {
            Thread.onSpinWait();
        }
        log.hang(false);

        List<RoundClosed> closed = log.await(Topic.TELEMETRY, RoundClosed.class, 5);
        for (RoundClosed round : closed) {
            assertThat(round.getOutcomes())
                    .extracting(SubjectOutcome::getOutcome)
                    .doesNotContain(
                            round.getRound() < 3
                                    ? SignalOutcome.DROPPED
                                    : SignalOutcome.ACKNOWLEDGED)
                    .contains(
                            round.getRound() < 3
                                    ? SignalOutcome.ACKNOWLEDGED
                                    : SignalOutcome.DROPPED);
        }
        int dropped = 0;
        for (long round = 0; round < 5; round++) {
            Sent sent = next(listener.sent);
            assertThat(sent.round()).isEqualTo(round);
            dropped += sent.dropped();
        }
        assertThat(dropped).isPositive();
        assertThat(lines(bridge))
                .contains("sluice_signals_total{outcome=\"dropped\",} " + dropped + ".0");
    }

    @Test
    void signalsOfRoundsThatEndBeforeTheAttemptHasItsNumberAreDropped() throws Exception {
        Bridge bridge = open();
        log.hang(true);
        TrainerSession session = bridge.start();
        train(session, 0, 3);
        log.hang(false);
        next(listener.attempts);
        train(session, 4, 7);
        Sent lost = next(listener.sent);
        assertThat(lost.round()).isZero();
        assertThat(lost.acknowledged()).isZero();
        assertThat(lost.dropped()).isPositive();
        assertThat(next(listener.sent).dropped()).isZero();
        log.await(Topic.TELEMETRY, RoundClosed.class, 2);
        assertThat(log.all(Topic.TELEMETRY, GroupSignal.class))
                .isNotEmpty()
                .allSatisfy(signal -> assertThat(signal.getRound()).isEqualTo(1));
    }

    @Test
    void aResumedAttemptGoesOnWithTheMixtureAndTheDrawsOfItsCheckpoint() throws Exception {
        Bridge before = open();
        TrainerSession session = before.start();
        Plan plan = TestingRuns.next(prior, next(listener.attempts), 0, 2, 0.4, 0.4, 0.2);
        assertThat(session.checkpoint(0))
                .isEqualTo(new TrainerCheckpoint(TestingRuns.RUN, 0, prior, 0));
        train(session, 0, 0);
        log.put(Topic.PLANS, Records.plan(plan));
        next(listener.accepted);
        train(session, 1, 5);
        TrainerCheckpoint checkpoint = session.checkpoint(6);
        assertThat(checkpoint).isEqualTo(new TrainerCheckpoint(TestingRuns.RUN, 6, plan, 2));
        List<StepPlan> expected = plans(session, 6, 12);
        before.close();

        Bridge after = open(folder.resolve("other"));
        TrainerSession resumed = after.start(checkpoint);
        long attempt = next(listener.attempts);
        assertThat(resumed.resumeStep()).isEqualTo(6);
        assertThat(resumed.checkpoint(6)).isEqualTo(checkpoint);
        assertThat(plans(resumed, 6, 12)).isEqualTo(expected);
        AttemptStarted started = log.all(Topic.RUNS, AttemptStarted.class).get(1);
        assertThat(started.getResumeStep()).isEqualTo(6);
        assertThat(Records.plan(started.getInForce())).isEqualTo(plan);

        train(resumed, 6, 7);
        List<RoundClosed> closed = log.await(Topic.TELEMETRY, RoundClosed.class, 2);
        RoundClosed last = closed.get(closed.size() - 1);
        assertThat(last.getAttempt()).isEqualTo(attempt);
        assertThat(last.getFromStep()).isEqualTo(6);
        assertThat(last.getThroughStep()).isEqualTo(7);
    }

    @Test
    void aCheckpointThatDoesNotFitIsRefusedWithTheReason() {
        Bridge bridge = open();
        assertThatThrownBy(() -> bridge.start(new TrainerCheckpoint("run-2", 0, prior, 0)))
                .hasMessageContaining("is of run run-2");
        Plan altered = prior.withDigest("0");
        assertThatThrownBy(
                        () -> bridge.start(new TrainerCheckpoint(TestingRuns.RUN, 0, altered, 0)))
                .hasMessageContaining("altered");
        assertThatThrownBy(() -> bridge.start(new TrainerCheckpoint(TestingRuns.RUN, 3, prior, 4)))
                .hasMessageContaining("begins at step 4");
    }

    @Test
    void fencingByTheHighestEpochSurvivesARestart() throws Exception {
        Bridge before = open();
        before.start();
        log.put(
                Topic.PLANS,
                Records.plan(
                        TestingRuns.next(prior, next(listener.attempts), 7, 1, 0.4, 0.4, 0.2)));
        next(listener.accepted);
        before.close();

        open().start();
        long attempt = next(listener.attempts);
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, attempt, 6, 1, 0.4, 0.4, 0.2)));
        assertThat(next(listener.refused).verdict()).isEqualTo(Verdict.STALE_EPOCH);
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, attempt, 7, 1, 0.4, 0.4, 0.2)));
        assertThat(next(listener.accepted).plan().epoch()).isEqualTo(7);
    }

    @Test
    void theTrainersThreadNeverWaitsForALogThatHangsFromTheStart() throws Exception {
        Bridge bridge = open(brief());
        log.hang(true);
        trainsToTheEnd(bridge.start(), 0);
        bridge.close();
    }

    @Test
    void theTrainersThreadNeverWaitsForALogThatHangsLater() throws Exception {
        Bridge bridge = open(brief());
        TrainerSession session = bridge.start();
        next(listener.attempts);
        train(session, 0, 3);
        log.hang(true);
        trainsToTheEnd(session, 4);
        bridge.close();
    }

    @Test
    void sealsThatTheLogRefusedAreSentAgain() throws Exception {
        TrainerSession session = open().start();
        next(listener.attempts);
        log.refuse(record -> record instanceof Seal);
        train(session, 0, 3);
        next(listener.seals);
        log.refuse(record -> false);
        List<Seal> seals = log.await(Topic.SEALS, Seal.class, 1);
        assertThat(seals.get(0).getFromStep()).isZero();
    }

    @Test
    void aPlanIsToldHowLongItTookFromTheEndOfItsRound() throws Exception {
        Bridge bridge = open();
        TrainerSession session = bridge.start();
        long attempt = next(listener.attempts);
        train(session, 0, 3);
        next(listener.sent);
        nanos.addAndGet(20_000_000);
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, attempt, 0, 4, 0.4, 0.4, 0.2)));
        assertThat(next(listener.accepted).nanos()).hasValue(20_000_000);
        assertThat(lines(bridge)).contains("sluice_feedback_latency_seconds_count 1.0");
    }

    @Test
    void tokensGoToThePlanOfTheStepUnderWayWhateverALoaderHasAskedForAhead() throws Exception {
        TrainerSession session = open().start();
        long attempt = next(listener.attempts);
        session.plan(0);
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, attempt, 0, 2, 0.4, 0.4, 0.2)));
        next(listener.accepted);
        assertThat(plans(session, 1, 3)).extracting(StepPlan::version).containsExactly(0L, 1L, 1L);
        for (long step = 0; step < 4; step++) {
            session.record(observation(Subject.of(TestingRuns.A), 1));
            session.endStep(step, 0.1);
        }
        next(listener.sent);
        assertThat(log.all(Topic.TELEMETRY, GroupSignal.class))
                .extracting(GroupSignal::getPlans)
                .containsOnly(List.of(new PlanTokens(0L, 10L), new PlanTokens(1L, 10L)));
    }

    @Test
    void aLoaderMayAskForMoreThanARoundAhead() throws Exception {
        TrainerSession session = open().start();
        long attempt = next(listener.attempts);
        session.plan(0);
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, attempt, 0, 2, 0.4, 0.4, 0.2)));
        next(listener.accepted);
        assertThat(session.plan(20).version()).isEqualTo(1);
        session.record(observation(Subject.of(TestingRuns.A), 1));
        session.endStep(0, 0.1);
        assertThat(session.checkpoint(1).plan()).isEqualTo(prior);
    }

    @Test
    void whatAListenerThrowsIsCountedAndGoesNoFurther() throws Exception {
        CountDownLatch accepted = new CountDownLatch(1);
        BridgeListener hostile =
                new BridgeListener() {
                    @Override
                    public void attemptStarted(long number) {
                        throw new IllegalStateException("hostile");
                    }

                    @Override
                    public void planAccepted(Plan plan, OptionalLong nanosSinceRoundClosed) {
                        accepted.countDown();
                    }
                };
        Bridge bridge = open(TestingRuns.options(folder), hostile);
        bridge.start();
        log.await(Topic.RUNS, AttemptStarted.class, 1);
        log.put(Topic.PLANS, Records.plan(TestingRuns.next(prior, 1, 0, 1, 0.4, 0.4, 0.2)));
        assertThat(accepted.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(lines(bridge)).contains("sluice_bridge_errors_total{where=\"listener\",} 1.0");
    }

    @Test
    void oneAttemptIsOpenAtATimeAndClosedOnesSaySo() {
        Bridge bridge = open();
        TrainerSession session = bridge.start();
        session.plan(0);
        assertThatThrownBy(() -> session.endStep(3, 0.1))
                .hasMessageContaining("step 0 is under way");
        assertThatThrownBy(bridge::start).hasMessageContaining("close its session first");
        session.close();
        session.close();
        assertThatThrownBy(() -> session.plan(1)).hasMessageContaining("attempt is closed");
        bridge.start();
        bridge.close();
        bridge.close();
        assertThatThrownBy(bridge::start).hasMessageContaining("open another one");
    }

    @Test
    void aClosedAttemptHasSentEveryRoundAndSealItHad() throws Exception {
        TrainerSession session = open().start();
        next(listener.attempts);
        train(session, 0, 7);
        session.close();
        assertThat(log.all(Topic.TELEMETRY, RoundClosed.class)).hasSize(2);
        List<Seal> seals = log.all(Topic.SEALS, Seal.class);
        assertThat(seals.get(seals.size() - 1).getThroughStep()).isGreaterThanOrEqualTo(7);
    }

    private Bridge open() {
        return open(folder);
    }

    private Bridge open(Path store) {
        return open(TestingRuns.options(store));
    }

    private Bridge open(BridgeOptions options) {
        return open(options, listener);
    }

    private Bridge open(BridgeOptions options, BridgeListener heard) {
        RunSpec run = TestingRuns.declaration();
        Bridge bridge = Bridge.open(options, run, heard, log, BridgeStore::open, nanos::get);
        opened.add(bridge);
        return bridge;
    }

    /** Options with which a bridge soon gives up sending when it is closed. */
    private BridgeOptions brief() {
        return TestingRuns.options(folder)
                .withTimeouts(
                        Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofMillis(50));
    }

    private static void train(TrainerSession session, long from, long through) {
        for (long step = from; step <= through; step++) {
            for (GroupId group : session.plan(step).draws()) {
                session.record(observation(Subject.of(group), 1));
            }
            if (session.measures(step)) {
                session.record(observation(Subject.of(T), 1));
                session.record(observation(Subject.of(T), 1));
            }
            session.endStep(step, 0.1);
        }
    }

    private static void trainsToTheEnd(TrainerSession session, long from) throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        Thread trainer =
                new Thread(
                        () -> {
                            train(session, from, from + 399);
                            session.checkpoint(from + 400);
                            finished.countDown();
                        });
        trainer.setDaemon(true);
        trainer.start();
        assertThat(finished.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private static List<StepPlan> plans(TrainerSession session, long from, long through) {
        List<StepPlan> plans = new ArrayList<>();
        for (long step = from; step <= through; step++) {
            plans.add(session.plan(step));
        }
        return plans;
    }

    private static List<String> lines(Bridge bridge) {
        return bridge.metrics().scrape().lines().toList();
    }

    private static SubjectOutcome outcome(
            SubjectKind kind, int index, int part, SignalOutcome outcome) {
        return new SubjectOutcome(kind, index, part, outcome);
    }
}
