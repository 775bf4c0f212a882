package io.sluice.core.simulation;

import io.sluice.core.domain.Plan;

/**
 * What a trainer's checkpoint holds of Sluice.
 *
 * @param nextStep first step of the attempt that resumes from it
 * @param plan the plan of the step before
 * @param planFirstStep first step that was drawn by it
 */
record Resume(long nextStep, Plan plan, long planFirstStep) {}
