package io.sluice.ops.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.ops.chaos.TrainerLife.Measured;
import io.sluice.ops.chaos.TrainerLife.Step;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.BasisKind;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.Seal;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDecision;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sound history is found sound, and each planted violation is found by its own check alone. */
final class OracleTest {

    private static final String RUN = "chaos";
    private static final long ATTEMPT = 3;
    private static final long TOKENS = 512;
    private static final double LOSS_SUM = 1_234.5;
    private static final RunSpec SPEC =
            new RunSpec(
                    RUN,
                    List.of(
                            new GroupSpec(new GroupId("a"), 0.5, 0.1, 0.9),
                            new GroupSpec(new GroupId("b"), 0.5, 0.1, 0.9)),
                    List.of(new TargetSpec(new TargetId("t"), 1)),
                    PolicySpec.of("odm"),
                    GuardSpec.DEFAULT,
                    new RoundSpec(10, 5, 0),
                    new SketchSpec(61, 7),
                    1,
                    7,
                    Mode.CONTROL,
                    "");

    private final Contract contract = new Contract();
    private final Map<Topic, Long> ends = new EnumMap<>(Topic.class);
    private final History history = new History();
    private final List<TrainerLife> trainers = new ArrayList<>();

    /** One round, measured, sent, decided, planned, accepted and used. */
    @BeforeEach
    void soundHistory() {
        put(
                Topic.RUNS,
                AttemptStarted.newBuilder()
                        .setRunId(RUN)
                        .setReporters(List.of("rank-0"))
                        .setInForce(plan(0, 0, "d0", "", 0.5))
                        .build());
        put(Topic.TELEMETRY, signal("a"));
        put(Topic.TELEMETRY, signal("b"));
        put(Topic.TELEMETRY, closed(0, outcome(0), outcome(1)));
        put(Topic.PLANS, plan(1, 1, "d1", "d0", 0.55));
        put(Topic.DECISIONS, decision(0, 2, 0.55));
        accept(plan(1, 1, "d1", "d0", 0.55));
        put(Topic.SEALS, seal(0, 9, 0));
        put(Topic.SEALS, seal(10, 19, 1));
        trainers.add(life(step -> step < 10 ? 0 : 1, 1_000));
    }

    @Test
    void aSoundHistoryIsFoundSound() {
        assertThat(violated()).isEmpty();
        assertThat(Oracle.judge(evidence())).allMatch(finding -> finding.looked() > 0);
    }

    @Test
    void aMixtureThatLeavesItsBoundsBreaksI1() {
        put(Topic.PLANS, plan(2, 1, "d2", "d1", 0.95));
        assertThat(violated()).containsExactly(Invariant.I1);
    }

    @Test
    void aMixtureThatIsNotOneBreaksI1() {
        MixturePlan plan =
                MixturePlan.newBuilder(plan(2, 1, "d2", "d1", 0.5))
                        .setWeights(
                                List.of(
                                        new GroupWeight("a", 0.5),
                                        new GroupWeight("b", 0.5 + 1e-6)))
                        .build();
        put(Topic.PLANS, plan);
        assertThat(violated()).containsExactly(Invariant.I1);
    }

    @Test
    void aLeapBreaksI2() {
        accept(plan(2, 1, "d2", "d1", 0.9));
        assertThat(violated()).containsExactly(Invariant.I2);
    }

    @Test
    void aPlanThatReplacesNothingBreaksI2() {
        accept(plan(2, 1, "d2", "nobody knows", 0.55));
        assertThat(violated()).containsExactly(Invariant.I2);
    }

    @Test
    void aVersionThatIsAcceptedTwiceBreaksI3() {
        accept(plan(1, 2, "d2", "d1", 0.56));
        assertThat(violated()).containsExactly(Invariant.I3);
    }

    @Test
    void anOlderControllerThatIsAcceptedBreaksI3() {
        accept(plan(2, 0, "d2", "d1", 0.56));
        assertThat(violated()).containsExactly(Invariant.I3);
    }

    @Test
    void aSignalThatWasAcknowledgedAndIsNotThereBreaksI4() {
        put(Topic.TELEMETRY, closed(1, outcome(1)));
        assertThat(violated()).containsExactly(Invariant.I4);
    }

    @Test
    void aTargetsSignalThatWasAcknowledgedAndIsNotThereBreaksI4() {
        put(
                Topic.TELEMETRY,
                closed(
                        0,
                        new SubjectOutcome(SubjectKind.TARGET, 0, 1, SignalOutcome.ACKNOWLEDGED)));
        assertThat(violated()).containsExactly(Invariant.I4);
    }

    @Test
    void otherTokensThanWereMeasuredBreakI4() {
        trainers.set(
                0,
                new TrainerLife(
                        Optional.of(ATTEMPT),
                        trainers.get(0).steps(),
                        List.of(),
                        List.of(new Measured(0, SubjectKind.GROUP, "a", 0, TOKENS + 1)),
                        List.of()));
        assertThat(violated()).containsExactly(Invariant.I4);
    }

    @Test
    void aSignalThatTheJobCountedTwiceBreaksI4AndI8() {
        put(Topic.DECISIONS, decision(1, 3, 0.55));
        assertThat(violated()).containsExactly(Invariant.I4, Invariant.I8);
    }

    @Test
    void aRoundThatIsDecidedAgainWithAnotherCountBreaksI5() {
        put(Topic.DECISIONS, decision(0, 1, 0.55));
        put(Topic.DECISIONS, decision(0, 2, 0.55));
        assertThat(violated()).containsExactly(Invariant.I5);
    }

    @Test
    void aRoundThatIsDecidedAgainDifferentlyBreaksI6() {
        put(Topic.DECISIONS, decision(0, 2, Math.nextUp(0.55)));
        assertThat(violated()).containsExactly(Invariant.I6);
    }

    @Test
    void statisticsOfATargetThatTheTopicDoesNotGiveBreakI6() {
        put(
                Topic.DECISIONS,
                Decision.newBuilder(decision(0, 2, 0.55))
                        .setBaseDigest("d1")
                        .setTargets(List.of(new TargetDecision(0, TOKENS, 8L, LOSS_SUM / TOKENS)))
                        .build());
        assertThat(violated()).containsExactly(Invariant.I6);
    }

    @Test
    void statisticsThatTheTopicDoesNotGiveBreakI6() {
        Decision sound = decision(0, 2, 0.55);
        Decision decision =
                Decision.newBuilder(sound)
                        .setBaseDigest("d1")
                        .setGroups(
                                List.of(
                                        GroupDecision.newBuilder(sound.getGroups().get(0))
                                                .setMeanLoss(Math.nextUp(LOSS_SUM / TOKENS))
                                                .build()))
                        .build();
        put(Topic.DECISIONS, decision);
        assertThat(violated()).containsExactly(Invariant.I6);
    }

    @Test
    void stepsThatSluiceHoldsUpBreakI7() {
        trainers.add(life(step -> step < 10 ? 0 : 1, 2_000_000));
        assertThat(violated()).containsExactly(Invariant.I7);
    }

    @Test
    void whatNothingWasComparedWithWasNotLookedAt() {
        TrainerLife life = trainers.get(0);
        trainers.set(
                0,
                new TrainerLife(
                        life.attempt(),
                        life.steps().subList(0, 300),
                        List.of(),
                        List.of(new Measured(7, SubjectKind.GROUP, "a", 0, TOKENS)),
                        List.of()));
        assertThat(looked(Invariant.I7)).isZero();
        assertThat(looked(Invariant.I10)).isZero();
        long acknowledged = looked(Invariant.I4);
        trainers.set(0, life);
        assertThat(looked(Invariant.I4)).isEqualTo(acknowledged + 1);
        assertThat(looked(Invariant.I7)).isEqualTo(1_000);
        assertThat(looked(Invariant.I10)).isEqualTo(1);
    }

    @Test
    void booksOfAnAttemptWithoutDecisionsWereNotLookedAt() {
        Evidence other = new Evidence(SPEC, history, trainers, OptionalLong.of(ATTEMPT + 1));
        assertThat(looked(Invariant.I8, other)).isZero();
        assertThat(looked(Invariant.I8)).isPositive();
    }

    @Test
    void anErrorInTheTrainingLoopBreaksI7() {
        trainers.add(
                new TrainerLife(
                        Optional.empty(), List.of(), List.of(), List.of(), List.of("it ended")));
        assertThat(violated()).containsExactly(Invariant.I7);
    }

    @Test
    void aRepeatedRecordThatNobodyCountedBreaksI8() {
        put(Topic.TELEMETRY, signal("a"));
        assertThat(violated()).containsExactly(Invariant.I8);
    }

    @Test
    void bytesThatAreListedNowhereBreakI8() {
        history.add(Topic.TELEMETRY, 0, 99, 0, new byte[] {1});
        assertThat(violated()).containsExactly(Invariant.I8);
        put(
                Topic.REJECTS,
                Rejected.newBuilder()
                        .setTopic("sluice.telemetry")
                        .setPartition(0)
                        .setOffset(99)
                        .setReason(RejectReason.UNDECODABLE)
                        .setOriginal(ByteBuffer.wrap(new byte[] {1}))
                        .build());
        assertThat(violated()).isEmpty();
    }

    @Test
    void aRankThatUsesAnotherVersionBreaksI10() {
        TrainerLife life = trainers.get(0);
        trainers.set(
                0,
                new TrainerLife(
                        life.attempt(),
                        life.steps(),
                        List.of(new Step(12, 0, 0)),
                        life.measured(),
                        List.of()));
        assertThat(violated()).containsExactly(Invariant.I10);
    }

    @Test
    void aStepThatIsSealedTwiceBreaksI10() {
        put(Topic.SEALS, seal(15, 15, 2));
        assertThat(violated()).containsExactly(Invariant.I10);
    }

    @Test
    void aTotalThatForgetsAnEarlierAttemptBreaksI4() {
        put(Topic.TELEMETRY, GroupSignal.newBuilder(signal("a")).setAttempt(ATTEMPT - 1).build());
        assertThat(violated()).containsExactly(Invariant.I4);

        fenceLast();
        assertThat(violated()).isEmpty();
    }

    @Test
    void aLineageThatHoldsOtherSignalsThanTheSurvivingRoundsBreaksI4() {
        put(Topic.DECISIONS, Decision.newBuilder(decision(1, 2, 0.55)).setLineage(1).build());
        assertThat(violated()).containsExactly(Invariant.I4);
    }

    @Test
    void aTotalMayHoldWhatIsListedAsFencedAndNoMore() {
        fence(GroupSignal.newBuilder(signal("a")).setAttempt(ATTEMPT - 1).build());
        counted(1, 2);
        assertThat(violated()).containsExactly(Invariant.I4);
        counted(2, 2);
        assertThat(violated()).isEmpty();
        counted(3, 2);
        assertThat(violated()).isEmpty();
        counted(4, 2);
        assertThat(violated()).containsExactly(Invariant.I4);
    }

    @Test
    void aLineageMayHoldWhatIsListedAsFencedAndNoMore() {
        fence(GroupSignal.newBuilder(signal("a")).setPart(1).build());
        counted(2, 1);
        assertThat(violated()).containsExactly(Invariant.I4);
        counted(2, 2);
        assertThat(violated()).isEmpty();
        counted(2, 3);
        assertThat(violated()).isEmpty();
        counted(2, 4);
        assertThat(violated()).containsExactly(Invariant.I4);
    }

    /** A record that stands in the topic, and is listed as fenced. */
    private void fence(GroupSignal signal) {
        put(Topic.TELEMETRY, signal);
        fenceLast();
    }

    /** Lists the newest record of telemetry as fenced. */
    private void fenceLast() {
        put(
                Topic.REJECTS,
                Rejected.newBuilder()
                        .setTopic("sluice.telemetry")
                        .setPartition(0)
                        .setOffset(ends.get(Topic.TELEMETRY) - 1)
                        .setReason(RejectReason.FENCED)
                        .build());
    }

    /** A decision after which the job tells these counts of the run. */
    private void counted(long total, long lineage) {
        put(
                Topic.DECISIONS,
                Decision.newBuilder(decision(1, 2, 0.55))
                        .setTotalAccepted(total)
                        .setLineage(lineage)
                        .build());
    }

    private List<Invariant> violated() {
        return Oracle.judge(evidence()).stream()
                .filter(finding -> !finding.violations().isEmpty())
                .map(Finding::invariant)
                .toList();
    }

    private long looked(Invariant invariant) {
        return looked(invariant, evidence());
    }

    private static long looked(Invariant invariant, Evidence evidence) {
        return Oracle.judge(evidence).stream()
                .filter(finding -> finding.invariant() == invariant)
                .mapToLong(Finding::looked)
                .sum();
    }

    private Evidence evidence() {
        return new Evidence(SPEC, history, trainers, OptionalLong.of(ATTEMPT));
    }

    private void put(Topic topic, SpecificRecord record) {
        long offset = ends.merge(topic, 1L, Long::sum) - 1;
        history.add(topic, 0, offset, offset, contract.encode(record));
    }

    private void accept(MixturePlan plan) {
        put(
                Topic.ACKS,
                PlanAck.newBuilder()
                        .setRunId(RUN)
                        .setAttempt(ATTEMPT)
                        .setOfferedVersion(plan.getVersion())
                        .setOfferedEpoch(plan.getEpoch())
                        .setOfferedDigest(plan.getDigest())
                        .setVerdict(AckVerdict.ACCEPTED)
                        .setInForce(plan)
                        .build());
    }

    private static TrainerLife life(LongUnaryOperator version, long nanos) {
        List<Step> steps =
                LongStream.range(0, 1_000)
                        .mapToObj(step -> new Step(step, version.applyAsLong(step), nanos))
                        .toList();
        return new TrainerLife(
                Optional.of(ATTEMPT),
                steps,
                List.of(new Step(12, 1, 0)),
                List.of(new Measured(0, SubjectKind.GROUP, "a", 0, TOKENS)),
                List.of());
    }

    private static MixturePlan plan(
            long version, long epoch, String digest, String replaces, double a) {
        return MixturePlan.newBuilder()
                .setRunId(RUN)
                .setAttempt(ATTEMPT)
                .setEpoch(epoch)
                .setVersion(version)
                .setReplaces(replaces)
                .setDigest(digest)
                .setLabel(version == 0 ? PlanLabel.PRIOR : PlanLabel.POLICY)
                .setWeights(List.of(new GroupWeight("a", a), new GroupWeight("b", 1 - a)))
                .build();
    }

    private static GroupSignal signal(String group) {
        return GroupSignal.newBuilder()
                .setRunId(RUN)
                .setAttempt(ATTEMPT)
                .setRound(0)
                .setKind(SubjectKind.GROUP)
                .setSubject(group)
                .setReporter("rank-0")
                .setTokens(TOKENS)
                .setLossSum(LOSS_SUM)
                .build();
    }

    private static RoundClosed closed(long round, SubjectOutcome... outcomes) {
        return RoundClosed.newBuilder()
                .setRunId(RUN)
                .setAttempt(ATTEMPT)
                .setRound(round)
                .setReporter("rank-0")
                .setOutcomes(List.of(outcomes))
                .build();
    }

    private static SubjectOutcome outcome(int group) {
        return new SubjectOutcome(SubjectKind.GROUP, group, 0, SignalOutcome.ACKNOWLEDGED);
    }

    private static Decision decision(long round, long accepted, double decided) {
        return Decision.newBuilder()
                .setRunId(RUN)
                .setAttempt(ATTEMPT)
                .setFirstRound(round)
                .setRound(round)
                .setBaseDigest("d0")
                .setAccepted(accepted)
                .setTotalAccepted(accepted)
                .setLineage(accepted)
                .setBasis(BasisKind.NEW)
                .setGroups(
                        List.of(
                                GroupDecision.newBuilder()
                                        .setIndex(0)
                                        .setDecided(decided)
                                        .setTokens(round == 0 ? TOKENS : 0)
                                        .setMeanLoss(round == 0 ? LOSS_SUM / TOKENS : 0)
                                        .build()))
                .build();
    }

    private static Seal seal(long from, long through, long version) {
        return Seal.newBuilder()
                .setRunId(RUN)
                .setAttempt(ATTEMPT)
                .setFromStep(from)
                .setThroughStep(through)
                .setVersion(version)
                .build();
    }
}
