package io.sluice.state.flink.layout;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.controller.GuardMemory;
import io.sluice.core.guard.Governor;
import io.sluice.core.statistics.LearningCurve;
import io.sluice.core.statistics.Line;
import io.sluice.state.flink.Layout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.junit.jupiter.api.Test;

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

    /** Version 1 did not say which clock it was: there, nothing follows the clock. */
    @Test
    void aClockThatEqualsTheTokensDrawnWasOneOfTokensInVersionOne() throws IOException {
        assertThat(firstVersion(1_250).rated()).isFalse();
        assertThat(firstVersion(1.25).rated()).isTrue();
        assertThat(firstVersion(1.25).governor()).isEqualTo(Governor.Memory.EMPTY);
    }

    private GuardMemory firstVersion(double clock) throws IOException {
        double[] drawn = {1_000, 250};
        byte[] now =
                bytes(
                        new GuardMemory(
                                drawn,
                                new double[2],
                                clock,
                                false,
                                new double[0],
                                Governor.Memory.EMPTY));
        int rated = 1 + 2 * (Integer.BYTES + 2 * Double.BYTES) + Double.BYTES;
        byte[] then = new byte[now.length - 1];
        System.arraycopy(now, 0, then, 0, rated);
        System.arraycopy(now, rated + 1, then, rated, then.length - rated);
        then[0] = 1;
        return layout().take(new DataInputDeserializer(then));
    }
}
