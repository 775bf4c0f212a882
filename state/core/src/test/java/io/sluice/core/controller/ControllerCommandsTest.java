package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.Outcome;
import io.sluice.core.control.Overrides;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.guard.Hold;
import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.core.signal.Rejection;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.core.testing.TestingCommands;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a controller makes of operators' commands. */
class ControllerCommandsTest {

    private static final long EPOCH = 5;
    private static final double[] EVEN = {0.1, 0.1, 0.1};
    private static final Optional<Supply> SCARCE = Optional.of(new Supply(100, 1));

    private final RunSpec spec = run().build();
    private Controller controller = controller(spec);
    private ControllerState state =
            ControllerState.start(spec, TestingRun.attempt(spec, 1, 0, "r0"));

    @Test
    void aPinLeadsToItsShareAtOnceAndTheOthersKeepTheirRatios() {
        command(TestingCommands.pin("1", Map.of("g000", 0.8)));

        Plan plan = decide(round(0, EVEN)).plan().orElseThrow();

        assertThat(plan.label()).isEqualTo(Plan.Label.PIN);
        assertThat(plan.mixture().weights())
                .containsExactly(new double[] {0.8, 0.12, 0.08}, within(1e-12));
        Decision next = decide(round(1, 0.3, 0.3, -0.3));
        assertThat(next.plan().orElseThrow().mixture().weight(0)).isEqualTo(0.8);
        assertThat(next.guards().orElseThrow().kl()).isLessThanOrEqualTo(spec.guards().maxKl());
    }

    @Test
    void aPinNeedsNoEvidence() {
        command(TestingCommands.pin("1", Map.of("g000", 0.8)));

        Decision decision = decide(incomplete(0));

        assertThat(decision.plan().orElseThrow().mixture().weight(0)).isEqualTo(0.8);
        assertThat(decision.hold()).isEmpty();
        assertThat(decide(incomplete(1)).hold().orElseThrow().reason())
                .isEqualTo(Hold.Reason.INCOMPLETE);
    }

    @Test
    void aPinGoesBeforeSupplyAndCoolDownWhichRuleWhatItLeavesOpen() {
        RunSpec scarce =
                TestingRun.run()
                        .group(new GroupSpec(TestingRun.ids(1).get(0), 0.5, 0, 1, SCARCE))
                        .group("g001", 0.3, 0, 1)
                        .group("g002", 0.2, 0, 1)
                        .target("t", 1)
                        .policy(PolicySpec.of("dga"))
                        .guards(new GuardSpec(0.1, 0.5, 0.3, 8, 16, 0, 10, 0, 0))
                        .dimension(8191)
                        .build();
        controller = controller(scarce);
        state = ControllerState.start(scarce, TestingRun.attempt(scarce, 1, 0, "r0"));
        Plan usedUp = decide(round(0, EVEN)).plan().orElseThrow();
        assertThat(usedUp.label()).isEqualTo(Plan.Label.CAP);
        assertThat(usedUp.mixture().weight(0)).isZero();

        command(TestingCommands.pin("1", Map.of("g000", 0.8)));
        Decision pinned = decide(round(1, EVEN));
        assertThat(pinned.plan().orElseThrow().label()).isEqualTo(Plan.Label.PIN);
        assertThat(pinned.plan().orElseThrow().mixture().weight(0)).isEqualTo(0.8);
        assertThat(pinned.guards().orElseThrow().relaxation()).isEqualTo(1);

        Decision next = decide(round(2, 0, 0.5, -0.5));
        assertThat(next.hold().orElseThrow().reason()).isEqualTo(Hold.Reason.COOL_DOWN);

        command(TestingCommands.of("2", Kind.UNPIN));
        Plan free = decide(round(3, EVEN)).plan().orElseThrow();
        assertThat(free.label()).isEqualTo(Plan.Label.CAP);
        assertThat(free.mixture().weight(0)).isZero();
    }

    @Test
    void aFrozenRunPublishesNoMixtureThatASupplyForces() {
        RunSpec scarce =
                TestingRun.run()
                        .group(new GroupSpec(TestingRun.ids(1).get(0), 0.5, 0, 1, SCARCE))
                        .group("g001", 0.5, 0, 1)
                        .target("t", 1)
                        .policy(PolicySpec.of("static"))
                        .build();
        controller = controller(scarce);
        state = ControllerState.start(scarce, TestingRun.attempt(scarce, 1, 0, "r0"));
        command(TestingCommands.of("1", Kind.FREEZE));

        Decision frozen = decide(round(0, 0.1, 0.1));

        assertThat(frozen.hold().orElseThrow().reason()).isEqualTo(Hold.Reason.FROZEN);
        assertThat(frozen.guards().orElseThrow().heldBySupply()).isEqualTo(1);
    }

    @Test
    void aRefusedPlanLeavesThePinToTheNextDecision() {
        command(TestingCommands.pin("1", Map.of("g000", 0.8)));
        Plan pinned = decide(round(0, EVEN)).plan().orElseThrow();
        Plan inForce = elsewhere(7);

        state = controller.acknowledge(state, ack(pinned, Verdict.WRONG_BASE, inForce));
        Plan again = decide(incomplete(1)).plan().orElseThrow();

        assertThat(again.replaces()).isEqualTo(inForce.digest());
        assertThat(again.mixture().weight(0)).isEqualTo(0.8);
    }

    @Test
    void anExcludedGroupIsNotDrawnAndReturnsWithItsPrior() {
        command(TestingCommands.groups("1", Kind.EXCLUDE, "g002"));
        Plan without = decide(round(0, EVEN)).plan().orElseThrow();
        assertThat(without.label()).isEqualTo(Plan.Label.EXCLUSION);
        assertThat(without.mixture().weights())
                .containsExactly(new double[] {0.625, 0.375, 0}, within(1e-12));

        command(TestingCommands.groups("2", Kind.INCLUDE, "g002"));
        Plan with = decide(round(1, EVEN)).plan().orElseThrow();

        assertThat(with.label()).isEqualTo(Plan.Label.EXCLUSION);
        assertThat(with.mixture().weights())
                .containsExactly(new double[] {0.5, 0.3, 0.2}, within(1e-12));
    }

    @Test
    void aGroupThatReturnedHasItsPriorAgainInAMixtureOfBefore() {
        command(TestingCommands.groups("1", Kind.EXCLUDE, "g002"));
        Plan without = decide(round(0, EVEN)).plan().orElseThrow();
        command(TestingCommands.groups("2", Kind.INCLUDE, "g002"));
        decide(round(1, EVEN));
        command(TestingCommands.rollback("3", without.mixture()));

        decide(round(2, 0.5, -0.5, 0));
        assertThat(state.inForce().mixture().weights())
                .containsExactly(new double[] {0.5, 0.3, 0.2}, within(1e-12));

        Attempt resumed = new Attempt("run", 2, "spec", 20, List.of("r0"), without);
        state = controller.start(Optional.of(state), resumed);
        Plan with = decide(of(2, incomplete(2))).plan().orElseThrow();
        assertThat(with.label()).isEqualTo(Plan.Label.EXCLUSION);
        assertThat(with.mixture().weight(2)).isEqualTo(0.2);
    }

    /** Its controller had heard an exclusion that this one, restored to before it, never will. */
    @Test
    void aGroupThatAControllerOfAnotherEpochExcludedComesAnew() {
        Plan without = plan(9, EPOCH + 1, 0.625, 0.375, 0);
        state = controller.acknowledge(state, ack(without, Verdict.ACCEPTED, without));

        Plan with = decide(round(0, EVEN)).plan().orElseThrow();

        assertThat(with.label()).isEqualTo(Plan.Label.EXCLUSION);
        assertThat(with.mixture().weights())
                .containsExactly(new double[] {0.5, 0.3, 0.2}, within(1e-12));
    }

    @Test
    void aGroupThatAControllerOfAnotherEpochExcludedStaysOutWhereThisOneHeardItToo() {
        command(TestingCommands.groups("1", Kind.EXCLUDE, "g002"));
        Plan without = plan(9, EPOCH + 1, 0.625, 0.375, 0);
        state = controller.acknowledge(state, ack(without, Verdict.ACCEPTED, without));

        decide(round(0, EVEN));

        assertThat(state.inForce().mixture().weight(2)).isZero();
        assertThat(state.overrides().returning()).isEmpty();
    }

    /** It is used up, whoever gave it nothing. */
    @Test
    void aGroupWithoutSupplyDoesNotComeAnew() {
        RunSpec scarce =
                TestingRun.run()
                        .group("g000", 0.5, 0, 1)
                        .group("g001", 0.3, 0, 1)
                        .group(new GroupSpec(TestingRun.ids(3).get(2), 0.2, 0, 1, SCARCE))
                        .target("t", 1)
                        .policy(PolicySpec.of("dga"))
                        .dimension(8191)
                        .build();
        controller = controller(scarce);
        for (long epoch : List.of(EPOCH, EPOCH + 1)) {
            state = ControllerState.start(scarce, TestingRun.attempt(scarce, 1, 0, "r0"));
            Plan usedUp = plan(9, epoch, 0.625, 0.375, 0);
            state = controller.acknowledge(state, ack(usedUp, Verdict.ACCEPTED, usedUp));

            decide(round(0, EVEN));

            assertThat(state.inForce().mixture().weight(2)).as("epoch %d", epoch).isZero();
        }
    }

    /** Of its own plans a controller knows why a group has no share: here a policy gave none. */
    @Test
    void aGroupWithoutAShareInAPlanOfThisEpochIsNotCalledBack() {
        Plan without = plan(9, EPOCH, 0.625, 0.375, 0);
        state = controller.acknowledge(state, ack(without, Verdict.ACCEPTED, without));

        decide(round(0, EVEN));

        assertThat(state.inForce().label()).isNotEqualTo(Plan.Label.EXCLUSION);
        assertThat(state.overrides().returning()).isEmpty();
    }

    @Test
    void aFrozenRunFoldsStatisticsAndPublishesNothing() {
        command(TestingCommands.of("1", Kind.FREEZE));

        Decision frozen = decide(round(0, 0.4, -0.2, 0));

        assertThat(frozen.plan()).isEmpty();
        assertThat(frozen.hold().orElseThrow().reason()).isEqualTo(Hold.Reason.FROZEN);
        assertThat(state.averages().mean()[0][0]).isEqualTo(0.4);
        command(TestingCommands.of("2", Kind.UNFREEZE));
        assertThat(decide(round(1, 0.4, -0.2, 0)).plan()).isPresent();
    }

    @Test
    void aRollbackReturnsToAMixtureOnceAndThePolicyGoesOnFromThere() {
        for (int round = 0; round < 5; round++) {
            decide(round(round, 0.5, -0.5, 0));
        }
        assertThat(state.inForce().mixture().weight(0)).isGreaterThan(0.6);
        command(TestingCommands.rollback("1", spec.prior()));

        Plan back = decide(round(5, 0.5, -0.5, 0)).plan().orElseThrow();

        assertThat(back.label()).isEqualTo(Plan.Label.ROLLBACK);
        assertThat(back.mixture()).isEqualTo(spec.prior());
        assertThat(back.version()).isEqualTo(6);
        assertThat(decide(round(6, 0.5, -0.5, 0)).plan().orElseThrow().label())
                .isEqualTo(Plan.Label.POLICY);
    }

    @Test
    void aRollbackThatWasRefusedIsDoneAgainAndOneThatWasAcceptedIsNot() {
        decide(round(0, 0.5, -0.5, 0));
        command(TestingCommands.rollback("1", spec.prior()));
        Plan back = decide(incomplete(1)).plan().orElseThrow();
        state = controller.acknowledge(state, ack(back, Verdict.WRONG_BASE, elsewhere(7)));

        Plan again = decide(incomplete(2)).plan().orElseThrow();
        assertThat(again.label()).isEqualTo(Plan.Label.ROLLBACK);
        assertThat(again.mixture()).isEqualTo(spec.prior());

        state = controller.acknowledge(state, ack(again, Verdict.ACCEPTED, again));
        decide(incomplete(3));
        assertThat(state.overrides().rollback()).isEmpty();
    }

    @Test
    void aRollbackToWhatIsInForceIsDoneAtOnce() {
        command(TestingCommands.rollback("1", spec.prior()));

        Decision decision = decide(incomplete(0));

        assertThat(decision.hold().orElseThrow().reason()).isEqualTo(Hold.Reason.UNCHANGED);
        assertThat(decide(round(1, 0.5, -0.5, 0)).plan().orElseThrow().label())
                .isEqualTo(Plan.Label.POLICY);
        assertThat(state.overrides().rollback()).isEmpty();
    }

    @Test
    void pinsHoldInARollback() {
        command(TestingCommands.pin("1", Map.of("g000", 0.8)));
        for (int round = 0; round < 4; round++) {
            decide(round(round, 0, 0.9, -0.9));
        }
        assertThat(state.inForce().mixture().weight(1)).isGreaterThan(0.13);
        command(TestingCommands.rollback("2", spec.prior()));

        Plan back = decide(round(4, EVEN)).plan().orElseThrow();

        assertThat(back.mixture().weights())
                .containsExactly(new double[] {0.8, 0.12, 0.08}, within(1e-12));
    }

    @Test
    void anotherPolicyBeginsWithoutMemoryAndTheDeclaredOneComesBack() {
        decide(round(0, 0.5, -0.5, 0));
        command(TestingCommands.policy("1", "static"));

        Decision changed = decide(round(1, 0.5, -0.5, 0));

        assertThat(changed.policy()).isEqualTo("static");
        assertThat(changed.commands().outcomes())
                .extracting(Outcome::message)
                .containsExactly("policy static begins without memory");
        command(
                TestingCommands.until(
                        1000,
                        TestingCommands.change(
                                "2",
                                TestingCommands.policy("x", "static").policy().orElseThrow())));
        decide(round(2, EVEN));
        Decision after = decide(round(3, 100, Status.INCOMPLETE));
        assertThat(after.commands().ended()).containsExactly("2");
        assertThat(after.policy()).isEqualTo("dga");
    }

    @Test
    void anOperatorsBoundsHoldAndTheLabelSaysSo() {
        command(TestingCommands.cap("1", "g000", 0.5));

        for (int round = 0; round < 8; round++) {
            decide(round(round, 0.9, -0.5, -0.5));
        }

        assertThat(state.inForce().mixture().weight(0)).isCloseTo(0.5, within(1e-9));
        assertThat(state.overrides().ruling(spec).digest()).isEqualTo(spec.digest());
    }

    @Test
    void whatOperatorsSaidOutlivesAttemptsAndReturns() {
        command(TestingCommands.groups("1", Kind.EXCLUDE, "g002"));
        decide(round(0, EVEN));
        decide(round(1, EVEN));

        Attempt resumed = TestingRun.attempt(spec, 2, 10, "r0");
        state = controller.start(Optional.of(state), resumed);

        assertThat(state.basis().kind()).isEqualTo(Basis.Kind.RETURNED);
        assertThat(state.inForce()).isEqualTo(resumed.inForce());
        Plan plan = decide(of(2, round(1, EVEN))).plan().orElseThrow();
        assertThat(plan.mixture().weight(2)).isZero();
    }

    @Test
    void aRunThatObservesPublishesNothingOnCommand() {
        RunSpec observing = run().mode(Mode.OBSERVE).build();
        controller = controller(observing);
        state = ControllerState.start(observing, TestingRun.attempt(observing, 1, 0, "r0"));
        command(TestingCommands.pin("1", Map.of("g000", 0.8)));

        Decision decision = decide(round(0, EVEN));

        assertThat(decision.plan()).isEmpty();
        assertThat(decision.hold().orElseThrow().reason()).isEqualTo(Hold.Reason.OBSERVING);
        assertThat(decision.groups().get(0).decided()).isEqualTo(0.8);
    }

    @Test
    void aCommandThatIsToldTwiceCountsOnce() {
        OperatorCommand pin = TestingCommands.pin("1", Map.of("g000", 0.8));
        command(pin);
        command(pin);
        decide(round(0, EVEN));
        ControllerState before = state;

        command(pin);

        assertThat(state).isSameAs(before);
        assertThat(decide(round(1, EVEN)).commands().outcomes()).isEmpty();
    }

    @Test
    void commandsBeyondThoseThatMayWaitAreTurnedAway() {
        for (int i = 0; i < Overrides.MAX_WAITING; i++) {
            command(TestingCommands.of("c" + i, Kind.FREEZE));
        }

        Controller.Commanded full =
                controller.command(state, TestingCommands.of("more", Kind.FREEZE));

        assertThat(full.state()).isSameAs(state);
        assertThat(full.rejection().map(Rejection::reason))
                .contains(Rejection.Reason.INVALID_COMMAND);
    }

    private void command(OperatorCommand command) {
        state = controller.command(state, command).state();
    }

    private Decision decide(ShardRound round) {
        Controller.Step step = controller.round(state, round, EPOCH);
        state = step.state();
        assertThat(step.decisions()).hasSize(1);
        return step.decisions().get(0);
    }

    private static TestingRun run() {
        return TestingRun.ofPriors(0.5, 0.3, 0.2)
                .target("t", 1)
                .policy(PolicySpec.of("dga"))
                .dimension(8191);
    }

    private static Controller controller(RunSpec spec) {
        return new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
    }

    private static PlanAck ack(Plan offered, Verdict verdict, Plan inForce) {
        return new PlanAck(
                "run", 1, offered.version(), offered.digest(), offered.epoch(), verdict, inForce);
    }

    /** A plan of somebody else's. */
    private Plan elsewhere(long version) {
        return plan(version, EPOCH, 0.25, 0.25, 0.5);
    }

    private Plan plan(long version, long epoch, double... weights) {
        Plan plan =
                new Plan(
                        "run",
                        1,
                        epoch,
                        spec.digest(),
                        -1,
                        version,
                        "another",
                        0,
                        Mixture.of(TestingRun.ids(3), weights),
                        Plan.Label.FALLBACK,
                        "");
        return plan.withDigest(TestingRun.DIGEST.of(plan));
    }

    private static ShardRound incomplete(long round) {
        return round(round, round, Status.INCOMPLETE);
    }

    /** A complete round in which the groups have these cosines, without noise. */
    private static ShardRound round(long round, double... cosines) {
        return round(round, round, Status.COMPLETE, cosines);
    }

    private static ShardRound round(long first, long round, Status status, double... cosines) {
        List<GroupRound> groups = new ArrayList<>();
        for (int j = 0; j < cosines.length; j++) {
            GroupGradient gradient =
                    new GroupGradient(
                            new SquaredNorm(1, 1), new double[] {cosines[j]}, new double[1]);
            groups.add(new GroupRound(j, 1000, 100, 2000, 4000, Optional.of(gradient)));
        }
        TargetRound target =
                new TargetRound(0, 1000, 100, 2000, Optional.of(new SquaredNorm(1, 1)));
        return new ShardRound(
                "run",
                "spec",
                1,
                first,
                round,
                0,
                10 * round + 9,
                status,
                groups,
                status == Status.COMPLETE ? List.of(target) : List.of(),
                List.of(),
                1e-3,
                Counts.ZERO);
    }

    private static ShardRound of(long attempt, ShardRound round) {
        return new ShardRound(
                round.runId(),
                round.specDigest(),
                attempt,
                round.firstRound(),
                round.round(),
                round.shard(),
                round.throughStep(),
                round.status(),
                round.groups(),
                round.targets(),
                round.evaluations(),
                round.learningRate(),
                round.counts());
    }
}
