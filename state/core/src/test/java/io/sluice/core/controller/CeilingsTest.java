package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.guard.Hold;
import io.sluice.core.testing.TestingRun;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Ceilings in the loop: each group agrees with one of two targets, and equal shares are equal. */
class CeilingsTest {

    private static final double ETA = .4;

    private final RunSpec spec =
            TestingRun.ofPriors(.5, .5)
                    .target(new TargetSpec(new TargetId("t0"), .5, OptionalDouble.of(2)))
                    .target("t1", .5)
                    .policy(PolicySpec.of("dga"))
                    .dimension(65521)
                    .build();
    private final Controller controller =
            new Controller(spec, TestingRun.DIGEST, new InMemorySnapshotStore());
    private ControllerState state =
            ControllerState.start(spec, TestingRun.attempt(spec, 1, 0, "r0"));

    @Test
    void belowItsCeilingATargetMovesNothing() {
        Decision decision = decide(round(0, 1.9));

        assertThat(decision.hold().map(Hold::reason)).contains(Hold.Reason.UNCHANGED);
        assertThat(decision.guards().orElseThrow().targetPrices()).containsExactly(0, 0);
    }

    /** Half a nat too high: weights of 1 and .5 over 1.5, so that scores are a third apart. */
    @Test
    void aboveItTheProposalGoesTowardsTheTarget() {
        Decision decision = decide(round(0, 2.5));

        assertThat(decision.guards().orElseThrow().targetPrices()).containsExactly(.5, 0);
        assertThat(decision.groups().get(0).score()).isEqualTo(1.0 / 3, within(1e-3));
        assertThat(decision.groups().get(1).score()).isEqualTo(-1.0 / 3, within(1e-3));
        assertThat(decision.groups().get(0).proposed())
                .isEqualTo(LogWeights.softmax(new double[] {2 * ETA / 3, 0})[0], within(1e-3));
        assertThat(decision.plan().orElseThrow().mixture().weight(0)).isGreaterThan(.5);
    }

    @Test
    void thePriceIsRememberedFromRoundToRound() {
        decide(round(0, 2.5));

        Decision second = decide(round(1, 2.1));
        Decision third = decide(round(2, 1.8));

        assertThat(second.guards().orElseThrow().targetPrices()[0]).isEqualTo(.6, within(1e-12));
        assertThat(third.guards().orElseThrow().targetPrices()[0]).isEqualTo(.4, within(1e-12));
    }

    @Test
    void aHeldOutLossGoesBeforeThatOfTheSignal() {
        Decision decision = decide(round(0, 2.5).evaluated(0, 1.9));

        assertThat(decision.guards().orElseThrow().targetPrices()).containsExactly(0, 0);
    }

    private Decision decide(TestingRound round) {
        Controller.Step step = controller.round(state, round.build(), 5);
        state = step.state();
        List<Decision> decisions = step.decisions();
        assertThat(decisions).hasSize(1);
        return decisions.get(0);
    }

    private static TestingRound round(long round, double loss) {
        return TestingRound.of(round)
                .group(0, 3, .5, -.5)
                .group(1, 3, -.5, .5)
                .target(0, loss)
                .target(1, 9);
    }
}
