package io.sluice.core.policy;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import java.util.Arrays;
import java.util.Optional;

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
 * @param worth what tokens and targets count
 * @param geometry what else the policy asked of the round's sketches; empty where it asked for
 *     nothing, or the round has none
 */
public record RoundSnapshot(
        RunSpec spec,
        long round,
        long throughStep,
        Mixture inForce,
        Alignments alignments,
        Losses losses,
        Worth worth,
        Optional<Geometry> geometry) {

    /** A snapshot whose sketches were asked for nothing beyond the alignments. */
    public RoundSnapshot(
            RunSpec spec,
            long round,
            long throughStep,
            Mixture inForce,
            Alignments alignments,
            Losses losses,
            Worth worth) {
        this(spec, round, throughStep, inForce, alignments, losses, worth, Optional.empty());
    }

    /** A snapshot in which every token is fresh and targets have their declared weights. */
    public RoundSnapshot(
            RunSpec spec,
            long round,
            long throughStep,
            Mixture inForce,
            Alignments alignments,
            Losses losses) {
        this(spec, round, throughStep, inForce, alignments, losses, Worth.declared(spec));
    }

    /** The first target without a held-out loss in the round, if there is one. */
    Optional<TargetId> unevaluated() {
        for (int i = 0; i < losses.evaluated().length; i++) {
            if (!losses.evaluated()[i]) {
                return Optional.of(spec.targets().get(i).id());
            }
        }
        return Optional.empty();
    }

    /** The same with other alignments. */
    RoundSnapshot withAlignments(Alignments value) {
        return new RoundSnapshot(spec, round, throughStep, inForce, value, losses, worth, geometry);
    }

    /** The same with another worth. */
    public RoundSnapshot withWorth(Worth value) {
        return new RoundSnapshot(
                spec, round, throughStep, inForce, alignments, losses, value, geometry);
    }

    /**
     * What guards make of the declaration.
     *
     * @param tokens worth of the next token of each group over that of a fresh one, in (0, 1]:
     *     policies multiply by it what a group's tokens achieve
     * @param targets weights of the targets, summing to 1: the declared ones, unless a ceiling is
     *     broken
     */
    public record Worth(double[] tokens, double[] targets) {

        /** Fresh tokens, declared weights. */
        public static Worth declared(RunSpec spec) {
            double[] tokens = new double[spec.groups().size()];
            Arrays.fill(tokens, 1);
            return new Worth(tokens, spec.targetWeights());
        }
    }

    /**
     * Alignments as cosines, averaged over rounds.
     *
     * @param measured whether the group was ever measured
     * @param mean {@code mean[target][group]}, in [-1, 1]; 0 where not measured
     * @param standardError error of each mean, from split halves and the size of the sketch
     */
    public record Alignments(boolean[] measured, double[][] mean, double[][] standardError) {}

    /**
     * Comparisons of the sketches of this round alone.
     *
     * @param measured whether the group was measured in the round
     * @param influence {@code influence[target][group]}: cosine under the damped Fisher
     *     information; no rows where influence was not asked for
     * @param variance sampling variance of each influence
     * @param gram {@code gram[group][group]}: unbiased inner products over pooled norms, in [-1,
     *     1]; the diagonal is the share of a group's squared norm that is not noise. No rows where
     *     it was not asked for
     */
    public record Geometry(
            boolean[] measured, double[][] influence, double[][] variance, double[][] gram) {}

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
