package io.sluice.bridge;

import io.sluice.core.domain.Plan;

/**
 * Sealed steps that one plan holds for.
 *
 * @param from first of these steps
 * @param through last of these steps, at least {@code from}
 * @param plan their plan
 * @param firstStep the first step that the plan was sealed for, where its draws begin to count; at
 *     most {@code from}
 */
public record SealedSpan(long from, long through, Plan plan, long firstStep) {}
