package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.Hold;
import io.sluice.core.testing.TestingCommands;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Policies whose losses do not come. */
class MissingLossesTest {

    private RunSpec spec;
    private Controller controller;
    private ControllerState state;
    private long next;

    @Test
    void aioliProbesNothingThatNobodyMeasures() {
        begin(PolicySpec.of("aioli"), "pt");
        Plan before = state.inForce();

        for (int i = 0; i < 50; i++) {
            assertMissing(
                    decide(groups()),
                    "policy aioli needs the held-out loss of target pt: report it at the end of"
                            + " every round (evaluations), or choose another policy");
        }

        assertThat(state.inForce()).isEqualTo(before);
    }

    /** A signal of a target holds its loss on rows that steer, not on those that are held out. */
    @Test
    void aTargetsSignalIsNoHeldOutLoss() {
        begin(PolicySpec.of("aioli"), "pt");

        assertMissing(decide(groups().target(0, 2)), "target pt");
    }

    @Test
    void aioliBeginsToProbeOnceItsLossesCome() {
        begin(PolicySpec.of("aioli"), "pt");
        decide(groups());

        Decision first = decide(groups().evaluated(0, 3));
        Decision second = decide(groups().evaluated(0, 2.9));

        assertHeld(first, Hold.Reason.UNCHANGED);
        assertThat(second.plan().orElseThrow().label()).isEqualTo(Plan.Label.PROBE);
    }

    /** The round without a loss and the next are left out, and the probe lasts as much longer. */
    @Test
    void aioliWaitsWhereARoundOfItsProbesLacksALoss() {
        begin(PolicySpec.of("aioli", Map.of("one-hot", .7)), "pt");
        Plan probe = decide(groups().evaluated(0, 3)).plan().orElseThrow();

        assertMissing(decide(groups()), "target pt");
        assertHeld(decide(groups().evaluated(0, 2.9)), Hold.Reason.UNCHANGED);
        assertThat(state.inForce()).isEqualTo(probe);
        assertThat(decide(groups().evaluated(0, 2.8)).plan().orElseThrow().label())
                .isEqualTo(Plan.Label.PROBE);
    }

    @Test
    void aioliNeedsNoLossesWhileItRests() {
        begin(PolicySpec.of("aioli", Map.of("sweeps", 1.0, "rest", 10.0)), "pt");
        double loss = 3;
        // Two probes, and the round in which the last of them has been seen.
        for (int i = 0; i < 4; i++) {
            decide(groups().evaluated(0, loss -= .1));
        }

        for (int i = 4; i < 12; i++) {
            assertThat(decide(groups()).hold().map(Hold::reason))
                    .isNotEqualTo(Optional.of(Hold.Reason.MISSING_LOSSES));
        }
        assertMissing(decide(groups()), "target pt");
    }

    @Test
    void grapeHoldsUntilARoundBringsTheLossesOfAllTargets() {
        begin(PolicySpec.of("grape"), "pt", "zh");

        assertMissing(
                decide(compared()),
                "policy grape needs the held-out loss of target pt: report it at the end of every"
                        + " round (evaluations), or choose another policy");
        assertMissing(decide(compared().evaluated(0, 3)), "target zh");
        assertThat(decide(compared().evaluated(0, 3).evaluated(1, 4)).plan()).isPresent();
        assertThat(decide(compared()).plan()).as("it bridges rounds without them").isPresent();
    }

    @Test
    void aPolicyOfLossesHoldsWhileMostOfTheMixtureHasNone() {
        begin(PolicySpec.of("odm"));

        assertMissing(
                decide(TestingRound.of(next)),
                "policy odm needs losses of groups, and those without one, group g000 among them,"
                        + " hold over half of the mixture: report tokens and losses of every group,"
                        + " or choose another policy");
        assertMissing(decide(TestingRound.of(next).group(1, 2)), "group g000 among them");
        assertThat(decide(TestingRound.of(next).group(0, 3)).hold().map(Hold::reason))
                .isNotEqualTo(Optional.of(Hold.Reason.MISSING_LOSSES));
        assertThat(decide(TestingRound.of(next)).hold().map(Hold::reason))
                .as("it bridges rounds without them")
                .isNotEqualTo(Optional.of(Hold.Reason.MISSING_LOSSES));
    }

    @Test
    void whatAnOperatorOrdersIsPublishedAllTheSame() {
        begin(PolicySpec.of("aioli"), "pt");
        OperatorCommand pin = TestingCommands.pin("1", Map.of("g000", .2));
        state = controller.command(state, pin).state();

        Decision decision = decide(groups());

        assertThat(decision.plan().orElseThrow().label()).isEqualTo(Plan.Label.PIN);
        assertThat(state.inForce().mixture().weight(0)).isEqualTo(.2);
    }

    private void begin(PolicySpec policy, String... targets) {
        TestingRun run = TestingRun.ofPriors(.6, .4).policy(policy).dimension(8191);
        for (String target : targets) {
            run.target(target, 1.0 / targets.length);
        }
        spec = run.build();
        controller = new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
        state = ControllerState.start(spec, TestingRun.attempt(spec, 1, 0, "r0"));
    }

    private Decision decide(TestingRound round) {
        Controller.Step step = controller.round(state, round.build(), 5);
        state = step.state();
        next++;
        assertThat(step.decisions()).hasSize(1);
        return step.decisions().get(0);
    }

    private TestingRound groups() {
        return TestingRound.of(next).group(0, 3).group(1, 2);
    }

    private TestingRound compared() {
        return TestingRound.of(next)
                .group(0, 3, .5, .2)
                .group(1, 2, -.5, -.2)
                .target(0, 3)
                .target(1, 4);
    }

    private static void assertMissing(Decision decision, String words) {
        assertHeld(decision, Hold.Reason.MISSING_LOSSES);
        assertThat(decision.hold().orElseThrow().message()).contains(words);
    }

    private static void assertHeld(Decision decision, Hold.Reason reason) {
        assertThat(decision.hold().map(Hold::reason)).contains(reason);
        assertThat(decision.plan()).isEmpty();
    }
}
