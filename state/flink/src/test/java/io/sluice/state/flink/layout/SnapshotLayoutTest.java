package io.sluice.state.flink.layout;

import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.controller.Snapshot;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

class SnapshotLayoutTest extends LayoutContract<Snapshot> {

    @Override
    Layout<Snapshot> layout() {
        return SnapshotLayout.INSTANCE;
    }

    @Override
    Snapshot realistic() {
        return snapshot(new GuardMemoryLayoutTest().realistic(), 5_120);
    }

    @Override
    Snapshot stored(int version) {
        return switch (version) {
            case 1 -> snapshot(GuardMemory.empty(2, 1), 0);
            case 2 -> snapshot(realistic().guards(), 0);
            default -> realistic();
        };
    }

    private static Snapshot snapshot(GuardMemory guards, long lineage) {
        return new Snapshot(
                41,
                new AlignmentAverages(
                        new boolean[] {true, false},
                        new double[][] {{0.25, 0}},
                        new double[][] {{0.001, 0}}),
                new PolicyMemory(new TreeMap<>(Map.of("weights", new double[] {0.75, 0.25}))),
                guards,
                lineage);
    }

    @Override
    List<Snapshot> extremes() {
        double[] vector = new double[TestingState.MOST];
        vector[0] = Double.NaN;
        vector[1] = -0.0;
        return List.of(
                new Snapshot(
                        0,
                        new AlignmentAverages(new boolean[0], new double[0][], new double[0][]),
                        PolicyMemory.EMPTY,
                        GuardMemory.empty(0, 0),
                        0),
                new Snapshot(
                        Long.MAX_VALUE,
                        new AlignmentAverages(
                                new boolean[TestingState.MOST],
                                new double[][] {vector},
                                new double[][] {vector}),
                        new PolicyMemory(new TreeMap<>(Map.of("", vector))),
                        new GuardMemoryLayoutTest().extremes().get(1),
                        Long.MAX_VALUE));
    }
}
