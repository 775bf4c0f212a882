package io.sluice.core.sequence;

import java.util.List;

/**
 * Everything a sequencer remembers, to be kept durable and restored. Immutable.
 *
 * @param attempt number of the attempt
 * @param highestEpoch highest epoch seen in any plan of the run
 * @param lastSealedStep last sealed step; the step before the attempt's first one when none is
 * @param plans plans that sealed steps may still be asked for, and plans that wait for their first
 *     step, by increasing first step; the last of them is in force
 */
public record SequencerState(
        long attempt, long highestEpoch, long lastSealedStep, List<SealedPlan> plans) {

    public SequencerState {
        plans = List.copyOf(plans);
        if (plans.isEmpty() || plans.get(0).firstStep() > lastSealedStep + 1) {
            throw new IllegalArgumentException("no plan holds for step " + (lastSealedStep + 1));
        }
        for (int i = 1; i < plans.size(); i++) {
            if (plans.get(i).firstStep() <= plans.get(i - 1).firstStep()) {
                throw new IllegalArgumentException(
                        "plans are not in order of their first steps: "
                                + plans.get(i - 1).firstStep()
                                + ", "
                                + plans.get(i).firstStep());
            }
        }
    }
}
