package io.sluice.core.policy;

/**
 * A policy's answer.
 *
 * @param logWeights logarithms of the proposed weights, up to a constant, by group index; finite
 * @param scores the score of each group that led there, for people: positive means more of it
 * @param scoreErrors one standard error of each score, 0 where the policy has none
 * @param memory what the policy wants to see next time
 */
public record PolicyStep(
        double[] logWeights, double[] scores, double[] scoreErrors, PolicyMemory memory) {}
