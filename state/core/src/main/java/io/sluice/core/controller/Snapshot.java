package io.sluice.core.controller;

import io.sluice.core.policy.PolicyMemory;

/**
 * A run's statistics as they stood before a round was decided.
 *
 * @param nextRound the first round that is not in them
 * @param averages averaged alignments
 * @param memory the policy's memory
 * @param guards the guards' memory
 * @param lineage signals accepted in the rounds that are in them
 */
public record Snapshot(
        long nextRound,
        AlignmentAverages averages,
        PolicyMemory memory,
        GuardMemory guards,
        long lineage) {}
