package io.sluice.core.replay;

import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a controller has learnt of the rounds before. */
record Statistics(AlignmentAverages averages, PolicyMemory memory, GuardMemory guards) {

    static Statistics none(RunSpec spec) {
        return new Statistics(
                AlignmentAverages.empty(spec), PolicyMemory.EMPTY, GuardMemory.empty(spec));
    }

    static Statistics of(ControllerState state) {
        return new Statistics(state.averages(), state.memory(), state.guards());
    }

    /** Adds statistics to {@code known}, unless the same are among them to the last bit. */
    void addTo(List<Statistics> known) {
        if (known.stream().noneMatch(this::isSame)) {
            known.add(this);
        }
    }

    private boolean isSame(Statistics other) {
        return Arrays.equals(averages.measured(), other.averages.measured())
                && Arrays.deepEquals(averages.mean(), other.averages.mean())
                && Arrays.deepEquals(averages.variance(), other.averages.variance())
                && memory.vectors().keySet().equals(other.memory.vectors().keySet())
                && same(memory, other.memory)
                && same(guards, other.guards);
    }

    private static boolean same(GuardMemory a, GuardMemory b) {
        return Arrays.equals(a.drawn(), b.drawn())
                && Arrays.equals(a.losses(), b.losses())
                && a.clock() == b.clock()
                && Arrays.equals(a.ceilingPrices(), b.ceilingPrices())
                && a.governor().equals(b.governor());
    }

    private static boolean same(PolicyMemory a, PolicyMemory b) {
        List<double[]> others = new ArrayList<>(b.vectors().values());
        int i = 0;
        for (double[] vector : a.vectors().values()) {
            if (!Arrays.equals(vector, others.get(i++))) {
                return false;
            }
        }
        return true;
    }
}
