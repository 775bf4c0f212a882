package io.sluice.bridge;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import java.util.List;

/**
 * What one step draws.
 *
 * @param step the step
 * @param version version of the plan that holds for it
 * @param mixture the plan's weights
 * @param draws the group of each micro-batch, in the order in which they are drawn
 */
public record StepPlan(long step, long version, Mixture mixture, List<GroupId> draws) {}
