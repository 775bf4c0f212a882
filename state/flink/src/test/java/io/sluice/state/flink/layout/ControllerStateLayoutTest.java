package io.sluice.state.flink.layout;

import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class ControllerStateLayoutTest extends LayoutContract<ControllerState> {

    @Override
    Layout<ControllerState> layout() {
        return ControllerStateLayout.INSTANCE;
    }

    @Override
    ControllerState realistic() {
        return new ControllerState(
                TestingState.spec(),
                TestingState.attempt(),
                TestingState.plan(),
                41,
                new AlignmentAverages(
                        new boolean[] {true, false, true},
                        new double[][] {{0.25, 0, -0.125}, {0.5, 0, 0.0625}},
                        new double[][] {{0.001, 0, 0.002}, {0.003, 0, 0.004}}),
                new PolicyMemory(
                        new TreeMap<>(
                                Map.of(
                                        "weights",
                                        new double[] {0.5, 0.25, 0.25},
                                        "momentum",
                                        new double[0]))),
                List.of(new ShardRoundLayoutTest().realistic()));
    }

    @Override
    List<ControllerState> extremes() {
        RunSpec spec = TestingState.largest();
        Attempt attempt =
                new Attempt(spec.runId(), 0, "", 0, List.of("r0"), TestingState.largestPlan());
        ControllerState fresh = ControllerState.start(spec, attempt);
        double[] vector = new double[TestingState.MOST];
        vector[0] = Double.NEGATIVE_INFINITY;
        vector[1] = -0.0;
        ControllerState full =
                new ControllerState(
                        spec,
                        attempt,
                        attempt.inForce(),
                        Long.MAX_VALUE,
                        new AlignmentAverages(
                                new boolean[TestingState.MOST],
                                new double[][] {vector},
                                new double[][] {vector}),
                        new PolicyMemory(new TreeMap<>(Map.of("", vector))),
                        new ShardRoundLayoutTest().extremes());
        return List.of(fresh, full);
    }
}
