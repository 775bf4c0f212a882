package io.sluice.core.policy;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;

/**
 * What a policy sees when a round is decided. Arrays are indexed by the groups and targets of the
 * spec.
 *
 * @param spec the run
 * @param round the round
 * @param throughStep its last step
 * @param inForce the mixture that the proposal would replace
 * @param alignments averaged alignments of groups with targets
 */
public record RoundSnapshot(
        RunSpec spec, long round, long throughStep, Mixture inForce, Alignments alignments) {

    /**
     * Alignments as cosines, averaged over rounds.
     *
     * @param measured whether the group was ever measured
     * @param mean {@code mean[target][group]}, in [-1, 1]; 0 where not measured
     * @param standardError error of each mean, from split halves and the size of the sketch
     */
    public record Alignments(boolean[] measured, double[][] mean, double[][] standardError) {}
}
