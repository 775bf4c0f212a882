package io.sluice.bridge;

import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.sequence.SequencerState;
import java.util.List;
import java.util.Optional;

/**
 * The steps that may be handed out, as they are at one moment.
 *
 * @param from the first of these steps
 * @param through the last of these steps; the one before {@code from} when there are none
 * @param plans their plans, by increasing first step
 */
record SealedSteps(long from, long through, List<SealedPlan> plans) {

    /** What a sequencer has sealed, through a step. Plans that begin later may still give way. */
    static SealedSteps of(long from, long through, SequencerState state) {
        return new SealedSteps(
                from,
                through,
                state.plans().stream().filter(plan -> plan.firstStep() <= through).toList());
    }

    /** Whether some of the plans hold only for steps before this one. */
    boolean endedBefore(long step) {
        return plans.size() > 1 && plans.get(1).firstStep() <= step;
    }

    /** The plan of a step; empty when the step is not sealed, or its plan is not known any more. */
    Optional<SealedPlan> at(long step) {
        if (step < from || step > through) {
            return Optional.empty();
        }
        for (int i = plans.size() - 1; i >= 0; i--) {
            if (plans.get(i).firstStep() <= step) {
                return Optional.of(plans.get(i));
            }
        }
        return Optional.empty();
    }
}
