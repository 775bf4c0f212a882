package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.bridge.RelayException.Kind;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.Subject;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CheckpointSaved;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunEnded;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Seal;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RelaySessionTest {

    @TempDir Path folder;

    private final TestingLog log = new TestingLog();
    private final Plan prior = RecordsForTests.prior();
    private Bridge bridge;
    private RelaySession session;

    @BeforeEach
    void open() {
        bridge = new TestingBridge(folder, log).bridge();
        session = bridge.relay(bridge.beginning(0));
        awaitNumber();
    }

    @AfterEach
    void close() {
        log.hang(false);
        bridge.close();
    }

    @Test
    void leasesExactlyWhatIsAskedForWithoutAGap() {
        List<SealedSpan> spans = new ArrayList<>(session.lease(0, 3));
        accept(TestingRuns.next(prior, number(), 0, 6, 0.4, 0.4, 0.2));
        spans.addAll(session.lease(4, 8));
        assertThat(spans)
                .extracting(SealedSpan::from, SealedSpan::through, SealedSpan::firstStep)
                .containsExactly(tuple(0L, 3L, 0L), tuple(4L, 5L, 0L), tuple(6L, 8L, 6L));
        assertThat(session.sealedThrough()).isEqualTo(8);
        assertThat(session.lease(3, 2)).isEmpty();
        assertThat(bridge.lastSealed().orElseThrow().nextStep()).isEqualTo(9);
    }

    @Test
    void drawsWhatATrainerInTheSameProcessWouldDraw() {
        List<StepPlan> relayed = new ArrayList<>();
        for (long step = 0; step < 12; step++) {
            relayed.add(session.plan(step));
        }
        session.close();
        TrainerSession same = bridge.start();
        for (long step = 0; step < 12; step++) {
            assertThat(same.plan(step)).isEqualTo(relayed.get((int) step));
        }
    }

    @Test
    void stepsOfATrainerWithoutASamplerAreSealedAsManyAtOnceAsLeasesHave() {
        session.plan(0);
        assertThat(session.sealedThrough()).isEqualTo(1);
        session.plan(1);
        assertThat(session.sealedThrough()).isEqualTo(1);
    }

    @Test
    void anAttemptThatWasNotNumberedYetIsNotNumberedAfterItsSuccessor() {
        session.close();
        log.hang(true);
        RelaySession first = bridge.relay(bridge.beginning(0));
        first.stop();
        session = bridge.relay(bridge.beginning(0));
        log.hang(false);
        awaitNumber();
        first.close();

        assertThat(session.state()).isEqualTo(LogState.CONNECTED);
        assertThat(log.all(Topic.RUNS, AttemptStarted.class)).hasSizeBetween(2, 3);
        assertThat(first.attempt().orElse(-1)).isLessThan(number());
    }

    @Test
    void stepsWhoseDrawsWouldTakeLongToRepeatAreRefused() {
        TrainerCheckpoint old = new TrainerCheckpoint(TestingRuns.RUN, 1L << 40, prior, 0);
        session.close();
        session = bridge.relay(old);

        assertThatThrownBy(() -> session.plan(1L << 40))
                .isInstanceOfSatisfying(
                        RelayException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.STEP_NOT_AT_HAND));
    }

    @Test
    void aSavedCheckpointIsToldToTheLog() {
        session.lease(0, 5);
        session.checkpointSaved(4);

        CheckpointSaved saved = log.await(Topic.RUNS, CheckpointSaved.class, 1).get(0);
        assertThat(saved.getRunId()).isEqualTo(TestingRuns.RUN);
        assertThat(saved.getAttempt()).isEqualTo(number());
        assertThat(saved.getNextStep()).isEqualTo(4);
        assertThatThrownBy(() -> session.checkpointSaved(7))
                .isInstanceOfSatisfying(
                        RelayException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.STEP_NOT_AT_HAND));
    }

    @Test
    void theEndOfARunIsToldToTheLogAndTheNextAttemptDeclaresItAgain() {
        session.lease(0, 5);
        session.finish(6);

        RunEnded ended = log.await(Topic.RUNS, RunEnded.class, 1).get(0);
        assertThat(ended.getRunId()).isEqualTo(TestingRuns.RUN);
        assertThat(ended.getAttempt()).isEqualTo(number());
        assertThat(ended.getNextStep()).isEqualTo(6);
        assertThatThrownBy(() -> session.finish(7))
                .isInstanceOfSatisfying(
                        RelayException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.STEP_NOT_AT_HAND));

        int declared = log.all(Topic.RUNS, RunSpec.class).size();
        session.close();
        session = bridge.relay(bridge.beginning(0));
        awaitNumber();
        assertThat(log.all(Topic.RUNS, RunSpec.class)).hasSize(declared + 1);
    }

    @Test
    void anAttemptThatIsOnlyClosedEndsNoRun() {
        session.lease(0, 5);
        session.close();

        assertThat(log.all(Topic.RUNS, RunEnded.class)).isEmpty();
    }

    @Test
    void aCheckpointCarriesThePlanOfTheStepBefore() {
        session.lease(0, 1);
        Plan next = TestingRuns.next(prior, number(), 0, 2, 0.4, 0.4, 0.2);
        accept(next);
        session.lease(2, 5);
        assertThat(session.checkpoint(0)).isEqualTo(bridge.beginning(0));
        assertThat(session.checkpoint(2).plan()).isEqualTo(prior);
        assertThat(session.checkpoint(3))
                .isEqualTo(new TrainerCheckpoint(TestingRuns.RUN, 3, next, 2));
        assertThatThrownBy(() -> session.checkpoint(9))
                .isInstanceOfSatisfying(
                        RelayException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.STEP_NOT_AT_HAND));
    }

    @Test
    void plansThatEndedARoundBeforeTheStepUnderWayAreForgotten() {
        session.lease(0, 1);
        accept(TestingRuns.next(prior, number(), 0, 2, 0.4, 0.4, 0.2));
        session.lease(2, 20);
        session.underWay(5);
        assertThat(session.lease(1, 5)).hasSize(2);
        session.underWay(20);
        session.underWay(1);
        assertThat(session.lease(16, 20)).hasSize(1);
        assertThatThrownBy(() -> session.lease(1, 5))
                .isInstanceOfSatisfying(
                        RelayException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.STEP_NOT_AT_HAND));
    }

    @Test
    void aRoundOfWhichEverythingWasLostIsTold() {
        RoundReport report =
                new RoundReport(
                        3,
                        12,
                        15,
                        List.of(),
                        List.of(new RoundReport.HalfId(Subject.of(TestingRuns.T), 1)),
                        0.1,
                        List.of(),
                        1);
        assertThat(session.report(report)).isTrue();
        RoundClosed closed = log.await(Topic.TELEMETRY, RoundClosed.class, 1).get(0);
        assertThat(closed.getRound()).isEqualTo(3);
        assertThat(closed.getOutcomes())
                .filteredOn(outcome -> outcome.getOutcome() != SignalOutcome.ABSENT)
                .singleElement()
                .satisfies(
                        outcome -> {
                            assertThat(outcome.getOutcome()).isEqualTo(SignalOutcome.DROPPED);
                            assertThat(outcome.getPart()).isEqualTo(1);
                        });
        assertThat(bridge.status().dropped()).isEqualTo(1);
        assertThatThrownBy(() -> session.report(report))
                .isInstanceOfSatisfying(
                        RelayException.class,
                        e -> assertThat(e.kind()).isEqualTo(Kind.ROUND_PASSED));
    }

    @Test
    void aStoppedSessionTakesNothingAndStillSendsWhatItHad() {
        log.hang(true);
        session.lease(0, 7);
        session.stop();
        assertThatThrownBy(() -> session.lease(8, 9))
                .isInstanceOfSatisfying(
                        RelayException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CLOSED));
        RelaySession next = bridge.relay(bridge.beginning(0));
        log.hang(false);
        session.close();
        assertThat(log.all(Topic.SEALS, Seal.class))
                .last()
                .satisfies(seal -> assertThat(seal.getThroughStep()).isEqualTo(7));
        assertThat(next.lease(0, 0)).hasSize(1);
    }

    @Test
    void aLogThatRefusesIsAwayAndOneThatTakesAgainIsBack() {
        log.refuse(record -> record instanceof Seal);
        session.lease(0, 1);
        while (session.state() != LogState.LOG_AWAY) {
            Thread.onSpinWait();
        }
        assertThat(session.lease(2, 3).get(0).plan()).isEqualTo(prior);
        log.refuse(record -> false);
        while (session.state() != LogState.CONNECTED) {
            Thread.onSpinWait();
        }
        assertThat(bridge.status().faults()).containsOnlyKeys("seals");
    }

    private void accept(Plan plan) {
        int before = log.all(Topic.ACKS, PlanAck.class).size();
        log.put(Topic.PLANS, RecordsForTests.record(plan));
        log.await(Topic.ACKS, PlanAck.class, before + 1);
    }

    private long number() {
        return session.attempt().orElseThrow();
    }

    private void awaitNumber() {
        while (session.attempt().isEmpty()) {
            Thread.onSpinWait();
        }
    }
}
