package io.sluice.core.domain;

/** Weights by their logarithms, where multiplicative updates neither overflow nor vanish. */
public final class LogWeights {

    /**
     * A weight below this counts as this: the logarithm stays finite and a floor can lift the group
     * again.
     */
    public static final double LEAST = 1e-300;

    private LogWeights() {}

    /** The logarithm of a weight, finite also for 0. */
    public static double log(double weight) {
        return StrictMath.log(Math.max(weight, LEAST));
    }

    /** The logarithms of weights, all of them finite. */
    public static double[] logs(double[] weights) {
        double[] logs = new double[weights.length];
        for (int j = 0; j < logs.length; j++) {
            logs[j] = log(weights[j]);
        }
        return logs;
    }

    /** {@code exp(x_j) / sum exp(x)}, without overflow. */
    public static double[] softmax(double[] x) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            largest = Math.max(largest, value);
        }
        double[] weights = new double[x.length];
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            weights[j] = StrictMath.exp(x[j] - largest);
            sum += weights[j];
        }
        for (int j = 0; j < x.length; j++) {
            weights[j] /= sum;
        }
        return weights;
    }
}
