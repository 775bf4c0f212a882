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
 * @param losses the round's losses
 */
public record RoundSnapshot(
        RunSpec spec,
        long round,
        long throughStep,
        Mixture inForce,
        Alignments alignments,
        Losses losses) {

    /**
     * Alignments as cosines, averaged over rounds.
     *
     * @param measured whether the group was ever measured
     * @param mean {@code mean[target][group]}, in [-1, 1]; 0 where not measured
     * @param standardError error of each mean, from split halves and the size of the sketch
     */
    public record Alignments(boolean[] measured, double[][] mean, double[][] standardError) {}

    /**
     * Losses of this round alone, in nats per token.
     *
     * @param tokens tokens really drawn from each group; 0 where none was, and then it has no loss
     * @param group mean training loss of each group; 0 where it has none
     * @param evaluated whether each target was evaluated at the end of the round
     * @param target held-out loss of each target; 0 where it was not evaluated
     */
    public record Losses(long[] tokens, double[] group, boolean[] evaluated, double[] target) {

        /** A round without any loss. */
        public static Losses none(RunSpec spec) {
            int m = spec.groups().size();
            int n = spec.targets().size();
            return new Losses(new long[m], new double[m], new boolean[n], new double[n]);
        }

        /** Whether every target was evaluated, and there is one. */
        boolean areAllEvaluated() {
            boolean all = evaluated.length > 0;
            for (boolean one : evaluated) {
                all &= one;
            }
            return all;
        }
    }
}
