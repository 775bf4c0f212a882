package io.sluice.core.controller;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.EvidenceGuard;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;

/**
 * Exponentially averaged cosines of groups with targets, and the variances of these averages.
 * Immutable; arrays are indexed by group and target of one run spec.
 *
 * <p>With weight b for the new estimate x of variance s^2:
 *
 * <pre>
 * mean' = (1 - b) mean + b x          variance' = (1 - b)^2 variance + b^2 s^2
 * </pre>
 *
 * <p>The first estimate is taken whole. Cosines are divided by the pooled norms, whose upward bias
 * shrinks the cosines of noisy groups: the safe direction.
 *
 * @param measured whether the group was ever measured
 * @param mean {@code mean[target][group]}
 * @param variance {@code variance[target][group]}, sampling error only
 */
public record AlignmentAverages(boolean[] measured, double[][] mean, double[][] variance) {

    /** Nothing measured yet. */
    public static AlignmentAverages empty(RunSpec spec) {
        int n = spec.targets().size();
        int m = spec.groups().size();
        return new AlignmentAverages(new boolean[m], new double[n][m], new double[n][m]);
    }

    /**
     * With a round's measurements taken in. Thin groups keep what they had; all do when a target is
     * thin, for there is nothing to compare them with.
     */
    AlignmentAverages with(RoundResult round, RunSpec spec) {
        if (EvidenceGuard.thinTarget(round, spec).isPresent()) {
            return this;
        }
        boolean[] nextMeasured = measured.clone();
        double[][] nextMean = copy(mean);
        double[][] nextVariance = copy(variance);
        double[] targetNorms = targetNorms(round, spec);
        for (ShardRound.GroupRound group : round.groups()) {
            if (!EvidenceGuard.isThin(group, spec)) {
                ShardRound.GroupGradient gradient = group.gradient().orElseThrow();
                int j = group.index();
                double b = measured[j] ? spec.guards().signalDecay() : 1;
                for (int i = 0; i < targetNorms.length; i++) {
                    double norms = gradient.squaredNorm().pooled() * targetNorms[i];
                    // A gradient of length zero agrees with nothing.
                    double cosine = norms > 0 ? gradient.alignment()[i] / Math.sqrt(norms) : 0;
                    double error = norms > 0 ? gradient.variance()[i] / norms : 0;
                    nextMean[i][j] = (1 - b) * mean[i][j] + b * Math.min(1, Math.max(-1, cosine));
                    nextVariance[i][j] =
                            (1 - b) * (1 - b) * variance[i][j] + b * b * Math.min(error, 1);
                }
                nextMeasured[j] = true;
            }
        }
        return new AlignmentAverages(nextMeasured, nextMean, nextVariance);
    }

    /** Without what was measured of a group. */
    AlignmentAverages without(int group) {
        boolean[] nextMeasured = measured.clone();
        double[][] nextMean = copy(mean);
        double[][] nextVariance = copy(variance);
        nextMeasured[group] = false;
        for (int i = 0; i < nextMean.length; i++) {
            nextMean[i][group] = 0;
            nextVariance[i][group] = 0;
        }
        return new AlignmentAverages(nextMeasured, nextMean, nextVariance);
    }

    /**
     * As policies see them. The error includes that of the sketch, {@code 1/k}, which does not
     * average out over rounds because the signs stay the same.
     */
    RoundSnapshot.Alignments view(RunSpec spec) {
        double[][] errors = copy(variance);
        for (double[] row : errors) {
            for (int j = 0; j < row.length; j++) {
                row[j] = Math.sqrt(row[j] + 1.0 / spec.sketch().dimension());
            }
        }
        return new RoundSnapshot.Alignments(measured.clone(), copy(mean), errors);
    }

    private static double[] targetNorms(RoundResult round, RunSpec spec) {
        double[] norms = new double[spec.targets().size()];
        for (ShardRound.TargetRound target : round.targets()) {
            norms[target.index()] = target.gradient().map(norm -> norm.pooled()).orElse(0.0);
        }
        return norms;
    }

    private static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }
}
