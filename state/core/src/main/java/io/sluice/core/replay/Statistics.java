package io.sluice.core.replay;

import io.sluice.core.control.Overrides;
import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a controller has learnt of the rounds before, and what operators had said by then. */
record Statistics(
        AlignmentAverages averages, PolicyMemory memory, GuardMemory guards, Overrides overrides) {

    static Statistics none(RunSpec spec) {
        return new Statistics(
                AlignmentAverages.empty(spec),
                PolicyMemory.EMPTY,
                GuardMemory.empty(spec),
                Overrides.NONE);
    }

    static Statistics of(ControllerState state) {
        return new Statistics(
                state.averages(),
                state.memory(),
                state.guards(),
                state.overrides().waitingFor(List.of()));
    }

    Statistics with(Overrides said) {
        return new Statistics(averages, memory, guards, said);
    }

    /** The same at the start of an attempt: memory of a policy that rules no more is forgotten. */
    Statistics at(long round, Overrides said) {
        return new Statistics(
                averages,
                round >= said.memorySince() ? memory : PolicyMemory.EMPTY,
                guards,
                said.memoryFrom(round));
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
                && same(guards, other.guards)
                && overrides.equals(other.overrides);
    }

    private static boolean same(GuardMemory a, GuardMemory b) {
        return Arrays.equals(a.drawn(), b.drawn())
                && Arrays.equals(a.losses(), b.losses())
                && a.clock() == b.clock()
                && a.rated() == b.rated()
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
