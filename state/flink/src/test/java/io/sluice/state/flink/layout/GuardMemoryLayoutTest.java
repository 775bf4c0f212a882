package io.sluice.state.flink.layout;

import io.sluice.core.controller.GuardMemory;
import io.sluice.core.guard.Governor;
import io.sluice.core.statistics.LearningCurve;
import io.sluice.core.statistics.Line;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Optional;

class GuardMemoryLayoutTest extends LayoutContract<GuardMemory> {

    @Override
    Layout<GuardMemory> layout() {
        return GuardMemoryLayout.INSTANCE;
    }

    @Override
    GuardMemory realistic() {
        return new GuardMemory(
                new double[] {1_000, 0, 250.5},
                new double[] {3.25, 0, 2.5},
                1.25,
                true,
                new double[] {0.125, 0},
                new Governor.Memory(
                        LearningCurve.EMPTY.with(0, 10, 3).with(10, 10, 2.5),
                        2,
                        Line.EMPTY.with(30, 2).with(40, 1.75),
                        1,
                        true,
                        3,
                        Optional.of(new Governor.Verdict(0.25, 0.5, 0.0625))));
    }

    @Override
    List<GuardMemory> extremes() {
        double[] vector = new double[TestingState.MOST];
        vector[0] = Double.MAX_VALUE;
        vector[1] = -0.0;
        return List.of(
                GuardMemory.empty(1, 0),
                new GuardMemory(
                        vector,
                        vector,
                        Double.MAX_VALUE,
                        false,
                        new double[256],
                        new Governor.Memory(
                                LearningCurve.EMPTY,
                                Integer.MAX_VALUE,
                                Line.EMPTY,
                                1,
                                false,
                                Integer.MAX_VALUE,
                                Optional.empty())));
    }
}
