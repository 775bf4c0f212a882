package io.sluice.core.sequence;

import io.sluice.core.domain.Plan;

/**
 * A bridge's promise that a span of steps uses one plan. It never changes.
 *
 * @param runId the run
 * @param attempt the attempt whose steps these are
 * @param specDigest digest of the run spec
 * @param fromStep first sealed step
 * @param throughStep last sealed step, at least {@code fromStep}
 * @param plan the plan
 * @param changesPlan whether the attempt's steps before {@code fromStep} used another plan, or
 *     there are none: such a seal carries the weights in the log
 */
public record Seal(
        String runId,
        long attempt,
        String specDigest,
        long fromStep,
        long throughStep,
        Plan plan,
        boolean changesPlan) {}
