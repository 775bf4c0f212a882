package io.sluice.core.sequence;

import io.sluice.core.domain.Plan;

/**
 * A plan and the first step that it holds for. Draws are counted from that step, so a plan that a
 * trainer's checkpoint carries over a restart keeps it.
 *
 * @param plan the plan
 * @param firstStep first step drawn by it, at least 0
 */
public record SealedPlan(Plan plan, long firstStep) {

    public SealedPlan {
        if (firstStep < 0) {
            throw new IllegalArgumentException(
                    "plan "
                            + plan.version()
                            + " begins at step "
                            + firstStep
                            + ", which is negative");
        }
    }
}
