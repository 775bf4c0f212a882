package io.sluice.core.guard;

import io.sluice.core.domain.LogWeights;

/**
 * The largest step towards a proposal that stays in the box and within a KL divergence of the
 * mixture in force.
 *
 * <pre>
 * w(t) = box(softmax(log w + t (y - log w))),   t in [0, 1],   KL(w(t) || w) at most delta
 * </pre>
 *
 * <p>Kernel, box and largest change are one bisection over the whole step, so that the result obeys
 * both bounds. When w(0) alone is too far, because the box has moved, w(0) is taken and labelled
 * so. A weight of 0 in force counts as {@link LogWeights#LEAST}, so that its group can come back,
 * at the pace that delta allows.
 */
public final class ChangeLimit {

    private static final int BISECTIONS = 60;

    private ChangeLimit() {}

    /**
     * What was taken.
     *
     * @param weights the weights
     * @param fraction t, the share of the step that was taken
     * @param kl divergence from the mixture in force, in nats
     * @param boxExceeds whether the box alone led further than allowed
     */
    public record Limited(double[] weights, double fraction, double kl, boolean boxExceeds) {}

    /**
     * @param inForce weights in force
     * @param logProposal proposed log-weights, up to a constant
     * @param box least and largest shares
     * @param maxKl delta, in nats
     */
    public static Limited limit(
            double[] inForce, double[] logProposal, MixtureBox box, double maxKl) {
        double[] from = new double[inForce.length];
        for (int j = 0; j < from.length; j++) {
            from[j] = LogWeights.log(inForce[j]);
        }
        double[] whole = at(1, from, logProposal, box);
        double wholeKl = kl(whole, from);
        if (wholeKl <= maxKl) {
            return new Limited(whole, 1, wholeKl, false);
        }
        double[] taken = at(0, from, logProposal, box);
        double takenKl = kl(taken, from);
        if (takenKl > maxKl) {
            return new Limited(taken, 0, takenKl, true);
        }
        double low = 0;
        double high = 1;
        for (int i = 0; i < BISECTIONS; i++) {
            double middle = (low + high) / 2;
            double[] weights = at(middle, from, logProposal, box);
            double kl = kl(weights, from);
            if (kl <= maxKl) {
                low = middle;
                taken = weights;
                takenKl = kl;
            } else {
                high = middle;
            }
        }
        return new Limited(taken, low, takenKl, false);
    }

    /** {@code KL(weights || inForce)} in nats, where a weight of 0 in force counts as above. */
    public static double divergence(double[] weights, double[] inForce) {
        double[] logs = new double[inForce.length];
        for (int j = 0; j < logs.length; j++) {
            logs[j] = LogWeights.log(inForce[j]);
        }
        return kl(weights, logs);
    }

    /** {@code KL(weights || exp(logReference))} in nats. */
    private static double kl(double[] weights, double[] logReference) {
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            if (weights[j] > 0) {
                sum += weights[j] * (StrictMath.log(weights[j]) - logReference[j]);
            }
        }
        return Math.max(sum, 0);
    }

    private static double[] at(double t, double[] from, double[] to, MixtureBox box) {
        double[] y = new double[from.length];
        for (int j = 0; j < y.length; j++) {
            y[j] = from[j] + t * (to[j] - from[j]);
        }
        return box.project(LogWeights.softmax(y));
    }
}
