package io.sluice.bridge;

import io.sluice.core.domain.Plan;

/**
 * The part of a trainer's checkpoint that is Sluice's: from it a new attempt goes on with the same
 * mixture and the same draws.
 *
 * @param runId the run
 * @param nextStep first step of the attempt that resumes from it
 * @param plan the plan sealed for {@code nextStep - 1}, or the one in force before the first step
 * @param planFirstStep the first step that the plan was sealed for, where its draws begin to count
 */
public record TrainerCheckpoint(String runId, long nextStep, Plan plan, long planFirstStep) {}
