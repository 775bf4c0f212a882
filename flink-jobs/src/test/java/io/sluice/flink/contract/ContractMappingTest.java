package io.sluice.flink.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.Supply;
import io.sluice.core.guard.Hold;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.RunMode;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.TargetEvaluation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class ContractMappingTest {

    private final TestingRun run = TestingRun.ofShards(2);

    @Test
    void aPlanComesBackAsItWas() {
        MixturePlan plan =
                MixturePlan.newBuilder(run.plan(3, "before", 0.625, 0.25, 0.125))
                        .setAttempt(5)
                        .setEpoch(7)
                        .setRound(11)
                        .setEffectiveStep(122)
                        .setLabel(PlanLabel.BOX)
                        .build();

        assertThat(ToContract.plan(FromContract.plan(plan))).isEqualTo(plan);
    }

    @Test
    void aPlansDigestIsTheContracts() {
        assertThat(ToContract.digest(FromContract.plan(run.prior())))
                .isEqualTo(run.prior().getDigest());
    }

    @Test
    void weightsMayStandInAnyOrder() {
        MixturePlan shuffled =
                MixturePlan.newBuilder(run.prior())
                        .setWeights(
                                List.of(
                                        new GroupWeight("pt", 0.25),
                                        new GroupWeight("en", 0.5),
                                        new GroupWeight("es", 0.25)))
                        .build();

        assertThat(FromContract.plan(shuffled)).isEqualTo(FromContract.plan(run.prior()));
    }

    @Test
    void aDeclarationKeepsEveryField() {
        RunSpec spec =
                FromContract.spec(
                        TestingRun.declaration()
                                .setPolicyOptions(Map.of("eta", 0.2))
                                .setPriorPull(0.01)
                                .setMaxKl(0.02)
                                .setSignalDecay(0.03)
                                .setMinGroupSequences(4)
                                .setMinTargetSequences(5)
                                .setRoundSteps(6)
                                .setLeadSteps(7)
                                .setWarmUpSteps(8)
                                .setLeastReporters(0.75)
                                .setSketchDimension(19)
                                .setSketchSeed(10)
                                .setShards(11)
                                .setSeed(12)
                                .setMode(RunMode.OBSERVE)
                                .setDigest("digest")
                                .setDeadBand(0.005)
                                .setCoolDownRounds(2)
                                .setGovernorRounds(13)
                                .setPlannedTokens(14)
                                .build());

        assertThat(spec.runId()).isEqualTo("run");
        assertThat(spec.groupIds())
                .containsExactly(new GroupId("en"), new GroupId("es"), new GroupId("pt"));
        assertThat(spec.groups().get(0).prior()).isEqualTo(0.5);
        assertThat(spec.groups().get(0).floor()).isEqualTo(0.01);
        assertThat(spec.groups().get(0).cap()).isEqualTo(1);
        assertThat(spec.targets()).hasSize(1);
        assertThat(spec.policy().name()).isEqualTo("dga");
        assertThat(spec.policy().options()).containsOnly(Map.entry("eta", 0.2));
        assertThat(spec.guards().priorPull()).isEqualTo(0.01);
        assertThat(spec.guards().maxKl()).isEqualTo(0.02);
        assertThat(spec.guards().signalDecay()).isEqualTo(0.03);
        assertThat(spec.guards().minGroupSequences()).isEqualTo(4);
        assertThat(spec.guards().minTargetSequences()).isEqualTo(5);
        assertThat(spec.rounds().steps()).isEqualTo(6);
        assertThat(spec.rounds().leadSteps()).isEqualTo(7);
        assertThat(spec.rounds().warmUpSteps()).isEqualTo(8);
        assertThat(spec.rounds().leastReporters()).isEqualTo(0.75);
        assertThat(spec.sketch().dimension()).isEqualTo(19);
        assertThat(spec.sketch().seed()).isEqualTo(10);
        assertThat(spec.shards()).isEqualTo(11);
        assertThat(spec.seed()).isEqualTo(12);
        assertThat(spec.mode()).isEqualTo(Mode.OBSERVE);
        assertThat(spec.digest()).isEqualTo("digest");
        assertThat(spec.guards().deadBand()).isEqualTo(0.005);
        assertThat(spec.guards().coolDownRounds()).isEqualTo(2);
        assertThat(spec.guards().governorRounds()).isEqualTo(13);
        assertThat(spec.guards().plannedTokens()).isEqualTo(14);
        assertThat(spec.groups().get(0).supply()).isEmpty();
        assertThat(spec.targets().get(0).ceiling()).isEmpty();
    }

    @Test
    void supplyAndCeilingComeFromTheDeclaration() {
        TargetDeclaration target =
                TargetDeclaration.newBuilder(TestingRun.declaration().getTargets().get(0))
                        .setCeiling(2.5)
                        .build();

        RunSpec spec =
                FromContract.spec(withFirst(group(1_000, 4)).setTargets(List.of(target)).build());

        assertThat(spec.groups().get(0).supply()).contains(new Supply(1_000, 4));
        assertThat(spec.groups().get(1).supply()).isEmpty();
        assertThat(spec.targets().get(0).ceiling()).hasValue(2.5);
    }

    @Test
    void aSupplyWithoutTokensOrEpochsIsRefused() {
        assertThatThrownBy(() -> FromContract.spec(withFirst(group(0, 4)).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unique tokens 0");
        assertThatThrownBy(() -> FromContract.spec(withFirst(group(7, Double.NaN)).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("most epochs NaN");
    }

    private static io.sluice.schemas.RunSpec.Builder withFirst(GroupDeclaration group) {
        io.sluice.schemas.RunSpec.Builder declaration = TestingRun.declaration();
        List<GroupDeclaration> groups = new ArrayList<>(declaration.getGroups());
        groups.set(0, group);
        return declaration.setGroups(groups);
    }

    private static GroupDeclaration group(long uniqueTokens, double maxEpochs) {
        return GroupDeclaration.newBuilder(TestingRun.declaration().getGroups().get(0))
                .setUniqueTokens(uniqueTokens)
                .setMaxEpochs(maxEpochs)
                .build();
    }

    @Test
    void anAttemptsNumberIsItsOffset() {
        Attempt attempt = FromContract.attempt(run.started(20, "r1", "r0"), 77);

        assertThat(attempt.runId()).isEqualTo("run");
        assertThat(attempt.number()).isEqualTo(77);
        assertThat(attempt.specDigest()).isEqualTo(run.declared().getDigest());
        assertThat(attempt.resumeStep()).isEqualTo(20);
        assertThat(attempt.reporters()).containsExactly("r0", "r1");
        assertThat(attempt.inForce()).isEqualTo(FromContract.plan(run.prior()));
    }

    @Test
    void aSignalKeepsEveryField() {
        GroupSignal record = run.signal(5, 2, TestingRun.ES, "r1", 1).build();

        Signal signal = FromContract.signal(record);

        assertThat(signal)
                .isEqualTo(
                        new Signal(
                                "run",
                                run.declared().getDigest(),
                                5,
                                2,
                                TestingRun.ES,
                                "r1",
                                1,
                                20,
                                29,
                                List.of(new Signal.PlanTokens(0, 100)),
                                100,
                                4,
                                200,
                                400,
                                record.getSketch().array()));
        assertThat(record.getSketch().remaining())
                .as("reading leaves the record as it is")
                .isEqualTo(32);
    }

    @Test
    void aClosedRoundKeepsEveryField() {
        RoundClosed closed =
                FromContract.closed(
                        run.closed(5, 2, "r1")
                                .setOutcomes(
                                        List.of(
                                                new SubjectOutcome(
                                                        SubjectKind.TARGET,
                                                        0,
                                                        1,
                                                        SignalOutcome.DROPPED)))
                                .setEvaluations(List.of(new TargetEvaluation(0, 2.5, 4_096L)))
                                .setNanos(9)
                                .build());

        assertThat(closed)
                .isEqualTo(
                        new RoundClosed(
                                "run",
                                run.declared().getDigest(),
                                5,
                                2,
                                "r1",
                                20,
                                29,
                                List.of(
                                        new RoundClosed.SubjectOutcome(
                                                Subject.Kind.TARGET,
                                                0,
                                                1,
                                                RoundClosed.Outcome.DROPPED)),
                                1e-3,
                                List.of(new RoundClosed.Evaluation(0, 2.5, 4_096)),
                                9));
    }

    @Test
    void anAnswerKeepsEveryField() {
        MixturePlan offered = run.plan(4, "before", 0.5, 0.25, 0.25);

        PlanAck ack =
                FromContract.ack(
                        run.ack(5, offered, AckVerdict.STALE_EPOCH, run.prior())
                                .setOfferedEpoch(6)
                                .build());

        assertThat(ack)
                .isEqualTo(
                        new PlanAck(
                                "run",
                                5,
                                4,
                                offered.getDigest(),
                                6,
                                PlanAck.Verdict.STALE_EPOCH,
                                FromContract.plan(run.prior())));
    }

    @Test
    void whatOnlyANewerWriterKnowsIsRefused() {
        SubjectOutcome kind =
                new SubjectOutcome(SubjectKind.UNKNOWN, 0, 0, SignalOutcome.ACKNOWLEDGED);
        SubjectOutcome outcome = new SubjectOutcome(SubjectKind.GROUP, 0, 0, SignalOutcome.UNKNOWN);

        assertRefused(
                () -> FromContract.spec(TestingRun.declaration().setMode(RunMode.UNKNOWN).build()),
                "Mode");
        assertRefused(
                () ->
                        FromContract.plan(
                                MixturePlan.newBuilder(run.prior())
                                        .setLabel(PlanLabel.UNKNOWN)
                                        .build()),
                "Label");
        assertRefused(
                () ->
                        FromContract.signal(
                                run.signal(5, 0, TestingRun.EN, 0)
                                        .setKind(SubjectKind.UNKNOWN)
                                        .build()),
                "Kind");
        assertRefused(
                () ->
                        FromContract.closed(
                                run.closed(5, 0, "r0").setOutcomes(List.of(kind)).build()),
                "Kind");
        assertRefused(
                () ->
                        FromContract.closed(
                                run.closed(5, 0, "r0").setOutcomes(List.of(outcome)).build()),
                "Outcome");
        assertRefused(
                () ->
                        FromContract.ack(
                                run.ack(5, run.prior(), AckVerdict.UNKNOWN, run.prior()).build()),
                "Verdict");
    }

    @Test
    void everySymbolHasItsCounterpart() {
        assertSameNames(Mode.values(), RunMode.values());
        assertSameNames(Plan.Label.values(), PlanLabel.values());
        assertSameNames(PlanAck.Verdict.values(), AckVerdict.values());
        assertSameNames(RoundClosed.Outcome.values(), SignalOutcome.values());
        assertSameNames(Subject.Kind.values(), SubjectKind.values());
        assertThat(names(RejectReason.values()))
                .containsAll(names(Rejection.Reason.values()))
                .containsAll(names(CandidateException.Reason.values()))
                .contains("UNKNOWN");
        assertThat(names(HoldReason.values()))
                .containsAll(names(Hold.Reason.values()))
                .hasSize(Hold.Reason.values().length + 2);
    }

    @Test
    void namesAndDigestsOfTheirLengthPassAndLongerOnesDoNot() {
        AttemptStarted.Builder attempt = AttemptStarted.newBuilder(run.started(0, "r0"));
        attempt.setSpecDigest("d".repeat(128)).setReporters(List.of("r".repeat(128)));
        assertThat(FromContract.attempt(attempt.build(), 1).reporters()).hasSize(1);

        attempt.setSpecDigest("d".repeat(129));
        assertThatThrownBy(() -> FromContract.attempt(attempt.build(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the spec digest has 129 characters; at most 128 are allowed");
        attempt.setSpecDigest("d").setReporters(List.of("r".repeat(129)));
        assertThatThrownBy(() -> FromContract.attempt(attempt.build(), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not an identifier");
    }

    private static void assertRefused(ThrowingCallable mapping, String type) {
        assertThatThrownBy(mapping)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("UNKNOWN is no " + type + " that this build knows: upgrade the job");
    }

    /** The contract's symbols are the core's constants and UNKNOWN. */
    private static void assertSameNames(Enum<?>[] core, Enum<?>[] contract) {
        assertThat(names(contract))
                .contains("UNKNOWN")
                .containsAll(names(core))
                .hasSize(core.length + 1);
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants).map(Enum::name).toList();
    }
}
