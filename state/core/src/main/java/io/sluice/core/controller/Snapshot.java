package io.sluice.core.controller;

import io.sluice.core.policy.PolicyMemory;

/**
 * A run's statistics as they stood before a round was decided.
 *
 * @param nextRound the round that was decided next
 * @param averages averaged alignments
 * @param memory the policy's memory
 */
public record Snapshot(long nextRound, AlignmentAverages averages, PolicyMemory memory) {}
