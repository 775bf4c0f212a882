package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.Hold;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.policy.MixingPolicy;
import io.sluice.core.policy.Need;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ControllerTest {

    private static final long EPOCH = 5;

    @Test
    void movesTowardsTheAlignedGroup() {
        RunSpec spec = dga().build();

        Decision decision = decide(spec, round(0, 0.2, -0.1));

        Plan plan = decision.plan().orElseThrow();
        assertThat(decision.hold()).isEmpty();
        assertThat(plan.mixture().weight(0)).isGreaterThan(0.5);
        assertThat(plan.version()).isEqualTo(1);
        assertThat(plan.replaces()).isEqualTo(TestingRun.prior(spec).digest());
        assertThat(plan.effectiveStep()).isEqualTo(9 + 2);
        assertThat(plan.digest()).isEqualTo(TestingRun.DIGEST.of(plan));
        assertThat(plan.label()).isEqualTo(Plan.Label.POLICY);
        assertThat(decision.predictedGain()).isPositive();
        assertThat(decision.groups().get(0).decided()).isEqualTo(plan.mixture().weight(0));
    }

    @Test
    void holdsDuringWarmUp() {
        RunSpec spec = dga().rounds(10, 2, 20).build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = start(spec);

        Controller.Step first = controller.round(state, round(0, 0.2, -0.1), EPOCH);
        Controller.Step second = controller.round(first.state(), round(1, 0.2, -0.1), EPOCH);
        Controller.Step third = controller.round(second.state(), round(2, 0.2, -0.1), EPOCH);

        assertHeld(first.decisions().get(0), Hold.Reason.WARM_UP);
        assertHeld(second.decisions().get(0), Hold.Reason.WARM_UP);
        assertThat(second.state().averages().measured()).containsOnly(false);
        assertThat(third.decisions().get(0).plan()).isPresent();
    }

    @Test
    void holdsWhatIsIncomplete() {
        RunSpec spec = dga().build();
        ShardRound whole = round(0, 0.2, -0.1);
        ShardRound givenUp =
                new ShardRound(
                        "run",
                        "spec",
                        1,
                        0,
                        6,
                        0,
                        69,
                        Status.INCOMPLETE,
                        List.of(),
                        List.of(),
                        List.of(),
                        0,
                        Counts.ZERO);

        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        Controller.Step step = controller.round(start(spec), givenUp, EPOCH);

        assertHeld(step.decisions().get(0), Hold.Reason.INCOMPLETE);
        assertThat(step.state().nextRound()).isEqualTo(7);
        assertThat(controller.round(step.state(), whole, EPOCH).decisions()).isEmpty();
    }

    @Test
    void holdsWhenATargetIsThinAndKeepsItsAverages() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = controller.round(start(spec), round(0, 0.2, -0.1), EPOCH).state();

        ShardRound few = round(1, 100, 15, 0.9, -0.9);
        Controller.Step step = controller.round(state, few, EPOCH);

        assertHeld(step.decisions().get(0), Hold.Reason.THIN_TARGET);
        assertThat(step.state().averages()).isEqualTo(state.averages());
    }

    @Test
    void holdsWhenThinGroupsHoldOverHalfOfTheMixture() {
        RunSpec spec = dga().build();

        assertHeld(decide(spec, round(0, 7, 100, 0.2, -0.1)), Hold.Reason.THIN_GROUPS);
        assertHeld(decide(spec, round(0, 100, 100)), Hold.Reason.THIN_GROUPS);
    }

    @Test
    void policiesSeeTheLossesOfTheRound() {
        RunSpec spec = dga().build();
        ShardRound bare = round(0, 0.2, -0.1);
        ShardRound evaluated =
                new ShardRound(
                        bare.runId(),
                        bare.specDigest(),
                        bare.attempt(),
                        bare.firstRound(),
                        bare.round(),
                        bare.shard(),
                        bare.throughStep(),
                        bare.status(),
                        List.of(new GroupRound(1, 40, 10, 100, 300, Optional.empty())),
                        bare.targets(),
                        List.of(new RoundClosed.Evaluation(0, 1.75, 500)),
                        bare.learningRate(),
                        bare.counts());
        TestingPolicy policy = new TestingPolicy();

        new Controller(spec, policy, TestingRun.DIGEST, new InMemorySnapshotStore())
                .round(start(spec), evaluated, EPOCH);
        assertThat(policy.seen.losses().tokens()).containsExactly(0, 40);
        assertThat(policy.seen.losses().group()).containsExactly(0, 2.5);
        assertThat(policy.seen.losses().evaluated()).containsExactly(true);
        assertThat(policy.seen.losses().target()).containsExactly(1.75);

        new Controller(spec, policy, TestingRun.DIGEST, new InMemorySnapshotStore())
                .round(start(spec), bare, EPOCH);
        assertThat(policy.seen.losses().evaluated()).containsExactly(false);
    }

    @Test
    void theStaticPolicyNeverPublishes() {
        RunSpec spec = dga().policy(PolicySpec.of("static")).build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = start(spec);
        for (int r = 0; r < 20; r++) {
            // Every third round brings no gradient at all, which the policy does not need.
            ShardRound round = r % 3 == 0 ? round(r, 100, 100) : round(r, 0.9, -0.9);
            Controller.Step step = controller.round(state, round, EPOCH);
            assertHeld(step.decisions().get(0), Hold.Reason.UNCHANGED);
            state = step.state();
        }
        assertThat(state.inForce()).isEqualTo(TestingRun.prior(spec));
    }

    @Test
    void anObservingRunDecidesAndPublishesNothing() {
        Decision decision = decide(dga().mode(Mode.OBSERVE).build(), round(0, 0.2, -0.1));

        assertHeld(decision, Hold.Reason.OBSERVING);
        assertThat(decision.groups().get(0).proposed()).isGreaterThan(0.5);
        Decision controlled = decide(dga().build(), round(0, 0.2, -0.1));
        assertThat(decision.plan()).isEmpty();
        assertThat(decision.groups().get(0).decided())
                .as("what it would have had")
                .isEqualTo(controlled.groups().get(0).decided());
    }

    @Test
    void roundsOfOtherAttemptsAndDecidedRoundsChangeNothing() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = controller.round(start(spec), round(0, 0.2, -0.1), EPOCH).state();
        ControllerState other = ControllerState.start(spec, TestingRun.attempt(spec, 2, 0, "r0"));

        assertThat(controller.round(state, round(0, 0.2, -0.1), EPOCH).state()).isSameAs(state);
        assertThat(controller.round(other, round(0, 0.2, -0.1), EPOCH).state()).isSameAs(other);
    }

    @Test
    void aRefusalRebasesOnTheMixtureInForce() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        Controller.Step step = controller.round(start(spec), round(0, 0.2, -0.1), EPOCH);
        Plan refused = step.decisions().get(0).plan().orElseThrow();
        Plan inForce = elsewhere(spec, 17);

        ControllerState rebased =
                controller.acknowledge(step.state(), ack(refused, Verdict.STALE_VERSION, inForce));
        Plan next =
                controller
                        .round(rebased, round(1, 0.2, -0.1), EPOCH)
                        .decisions()
                        .get(0)
                        .plan()
                        .orElseThrow();

        assertThat(rebased.inForce()).isEqualTo(inForce);
        assertThat(next.version()).isEqualTo(18);
        assertThat(next.replaces()).isEqualTo(inForce.digest());
        assertThat(next.mixture().klFrom(inForce.mixture()))
                .isLessThanOrEqualTo(spec.guards().maxKl() + 1e-12);
    }

    @Test
    void answersThatLagByRoundsStillRebase() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        Controller.Step first = controller.round(start(spec), round(0, 0.2, -0.1), EPOCH);
        Controller.Step second = controller.round(first.state(), round(1, 0.2, -0.1), EPOCH);
        Controller.Step third = controller.round(second.state(), round(2, 0.2, -0.1), EPOCH);
        Plan inForce = elsewhere(spec, 17);

        ControllerState rebased =
                controller.acknowledge(
                        third.state(), ack(made(first), Verdict.STALE_VERSION, inForce));
        Controller.Step next = controller.round(rebased, round(3, 0.2, -0.1), EPOCH);

        assertThat(made(next).replaces()).isEqualTo(inForce.digest());
        assertThat(
                        controller.acknowledge(
                                next.state(), ack(made(third), Verdict.WRONG_BASE, inForce)))
                .as("an answer to a plan that was given up")
                .isSameAs(next.state());
    }

    @Test
    void anAcceptanceOfAnEarlierPlanLeavesLaterOnesStanding() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        Controller.Step first = controller.round(start(spec), round(0, 0.2, -0.1), EPOCH);
        Controller.Step second = controller.round(first.state(), round(1, 0.2, -0.1), EPOCH);

        ControllerState state =
                controller.acknowledge(
                        second.state(), ack(made(first), Verdict.ACCEPTED, made(first)));

        assertThat(state.inForce()).isEqualTo(made(second));
        assertThat(state.unanswered()).containsExactly(made(second).digest());
    }

    @Test
    void aPlanOfAnotherControllerIsHeardOf() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        Plan earlier = elsewhere(spec, 16);
        Plan later = elsewhere(spec, 17);

        ControllerState state =
                controller.acknowledge(start(spec), ack(later, Verdict.ACCEPTED, later));

        assertThat(state.inForce()).isEqualTo(later);
        assertThat(controller.acknowledge(state, ack(earlier, Verdict.ACCEPTED, earlier)))
                .as("an answer that stands twice in the log")
                .isSameAs(state);
    }

    @Test
    void aRefusalThatWasLostIsAskedForAgain() {
        RunSpec spec = TestingRun.ofPriors(0.4, 0.6).target("t", 1).build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = start(spec).rebased(elsewhere(spec, 17));
        List<Long> offered = new ArrayList<>();
        for (long round = 0; round < 18; round++) {
            Controller.Step step = controller.round(state, round(round, 0.2, -0.1), EPOCH);
            state = step.state();
            step.decisions().get(0).plan().ifPresent(plan -> offered.add(plan.round()));
        }
        Plan last = state.inForce();
        ControllerState answered = controller.acknowledge(state, ack(last, Verdict.ACCEPTED, last));
        Controller.Step after = controller.round(answered, round(18, 0.2, -0.1), EPOCH);

        assertThat(last.mixture().weight(0)).isEqualTo(0.4, within(1e-9));
        assertThat(offered).containsExactly(0L, 4L, 8L, 12L, 16L);
        assertThat(after.decisions().get(0).hold().orElseThrow().reason())
                .isEqualTo(Hold.Reason.UNCHANGED);
    }

    @Test
    void plansThatNobodyAnswersDoNotPileUp() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = start(spec);
        for (long round = 0; round < 3 * ControllerState.MAX_UNANSWERED; round++) {
            double cosine = round % 2 == 0 ? 0.2 : -0.2;
            state = controller.round(state, round(round, cosine, -cosine), EPOCH).state();
        }

        assertThat(state.unanswered()).hasSize(ControllerState.MAX_UNANSWERED);
    }

    @Test
    void answersThatAreNoNewsChangeNothing() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        Controller.Step step = controller.round(start(spec), round(0, 0.2, -0.1), EPOCH);
        Plan made = made(step);
        Plan inForce = elsewhere(spec, 17);

        ControllerState accepted =
                controller.acknowledge(step.state(), ack(made, Verdict.ACCEPTED, made));

        assertThat(accepted.inForce()).isEqualTo(made);
        assertThat(controller.acknowledge(accepted, ack(made, Verdict.REPEATED, made)))
                .isSameAs(accepted);
        assertThat(
                        controller.acknowledge(
                                step.state(), ack(inForce, Verdict.STALE_VERSION, inForce)))
                .isSameAs(step.state());
    }

    @Test
    void replayIsIdenticalToTheLastBit() {
        RunSpec spec = dga().build();

        assertThat(digests(spec, 200)).isEqualTo(digests(spec, 200)).hasSize(200);
    }

    @Test
    void aHundredThousandUpdatesStayFiniteOnTheSimplexAndInTheBox() {
        RunSpec spec =
                TestingRun.run()
                        .group("a", 0.5, 0, 1)
                        .group("b", 0.3, 0.01, 0.6)
                        .group("c", 0.2, 0, 0.9)
                        .target("t", 1)
                        .policy(PolicySpec.of("dga"))
                        .guards(new GuardSpec(0, 0.1, 0.3, 8, 16))
                        .build();
        MixtureBox box = MixtureBox.of(spec);
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = start(spec);
        Random random = new Random(11);
        double drift = 0;
        for (int r = 0; r < 100_000; r++) {
            // Long spells in which one group is always best, so that weights run into corners.
            drift = r % 5_000 == 0 ? random.nextGaussian() : drift;
            Mixture before = state.inForce().mixture();
            ShardRound round =
                    round(r, drift, random.nextGaussian() / 10, random.nextGaussian() / 10);
            state = controller.round(state, round, EPOCH).state();
            double[] weights = state.inForce().mixture().weights();
            double sum = 0;
            for (double weight : weights) {
                if (!(weight >= 0 && weight <= 1)) {
                    throw new AssertionError("weight " + weight + " in round " + r);
                }
                sum += weight;
            }
            if (Math.abs(sum - 1) > 1e-12 || !box.contains(weights)) {
                throw new AssertionError(state.inForce().mixture() + " in round " + r);
            }
            if (state.inForce().mixture().klFrom(before) > 0.1 + 1e-9) {
                throw new AssertionError("too large a change in round " + r);
            }
        }
        assertThat(state.nextRound()).isEqualTo(100_000);
    }

    @Test
    void thinGroupsKeepTheirAverages() {
        RunSpec spec = dga().build();
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = controller.round(start(spec), round(0, 0.2, -0.1), EPOCH).state();
        ShardRound onlyFirst = round(1, 0.4);

        AlignmentAverages averages = controller.round(state, onlyFirst, EPOCH).state().averages();

        double decay = spec.guards().signalDecay();
        assertThat(averages.mean()[0])
                .containsExactly(
                        new double[] {(1 - decay) * 0.2 + decay * 0.4, -0.1}, within(1e-15));
    }

    private static List<String> digests(RunSpec spec, int rounds) {
        Controller controller =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        ControllerState state = start(spec);
        Random random = new Random(13);
        List<String> digests = new ArrayList<>();
        for (int r = 0; r < rounds; r++) {
            Controller.Step step =
                    controller.round(
                            state,
                            round(r, random.nextGaussian() / 5, random.nextGaussian() / 5),
                            EPOCH);
            state = step.state();
            digests.add(state.inForce().digest());
        }
        return digests;
    }

    private static TestingRun dga() {
        return TestingRun.ofPriors(0.5, 0.5)
                .target("t", 1)
                .policy(PolicySpec.of("dga"))
                .dimension(8191);
    }

    private static ControllerState start(RunSpec spec) {
        return ControllerState.start(spec, TestingRun.attempt(spec, 1, 0, "r0"));
    }

    private static Decision decide(RunSpec spec, ShardRound round) {
        List<Decision> decisions =
                new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore())
                        .round(start(spec), round, EPOCH)
                        .decisions();
        assertThat(decisions).hasSize(1);
        return decisions.get(0);
    }

    private static void assertHeld(Decision decision, Hold.Reason reason) {
        assertThat(decision.hold().map(Hold::reason)).contains(reason);
        assertThat(decision.plan()).isEmpty();
    }

    private static ShardRound round(long round, double... cosines) {
        return round(round, 100, 100, cosines);
    }

    /** A complete round in which the first groups have these cosines, without noise. */
    private static ShardRound round(
            long round, int groupSequences, int targetSequences, double... cosines) {
        TestingRound built = TestingRound.of(round).sequences(groupSequences, targetSequences);
        for (int j = 0; j < cosines.length; j++) {
            built.group(j, 2, cosines[j]);
        }
        return built.target(0, 2).build();
    }

    private static Plan elsewhere(RunSpec spec, long version) {
        Plan plan =
                new Plan(
                        "run",
                        1,
                        4,
                        "spec",
                        version,
                        version,
                        "before",
                        5,
                        Mixture.of(spec.groupIds(), new double[] {0.3, 0.7}),
                        Plan.Label.POLICY,
                        "");
        return plan.withDigest(TestingRun.DIGEST.of(plan));
    }

    private static Plan made(Controller.Step step) {
        return step.decisions().get(0).plan().orElseThrow();
    }

    private static PlanAck ack(Plan offered, Verdict verdict, Plan inForce) {
        return new PlanAck(
                "run", 1, offered.version(), offered.digest(), offered.epoch(), verdict, inForce);
    }

    /** Keeps what it saw and proposes what is in force. */
    private static final class TestingPolicy implements MixingPolicy {
        private RoundSnapshot seen;

        @Override
        public String name() {
            return "testing";
        }

        @Override
        public Set<Need> needs() {
            return Set.of(Need.GROUP_LOSSES);
        }

        @Override
        public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
            seen = snapshot;
            int m = snapshot.inForce().size();
            double[] logWeights = new double[m];
            for (int j = 0; j < m; j++) {
                logWeights[j] = LogWeights.log(snapshot.inForce().weight(j));
            }
            return new PolicyStep(logWeights, new double[m], new double[m], memory);
        }
    }
}
