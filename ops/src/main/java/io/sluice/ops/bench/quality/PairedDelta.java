package io.sluice.ops.bench.quality;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Relative change of a loss against another, seed by seed: mean and 95 % interval of {@code (loss -
 * reference) / reference} (Student's t over the seeds). Below zero is better.
 *
 * @param mean mean over the seeds
 * @param low lower end of the interval; absent with one seed
 * @param high upper end of the interval; absent with one seed
 * @param seeds how many pairs
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PairedDelta(double mean, Double low, Double high, int seeds) {

    /**
     * The change of {@code losses} against {@code references}, which belong together by position.
     *
     * @throws IllegalArgumentException when there is no pair, or one is incomplete
     */
    static PairedDelta of(double[] losses, double[] references) {
        int n = losses.length;
        if (n == 0 || n != references.length || n > StudentT.MOST_VALUES) {
            throw new IllegalArgumentException(
                    n + " losses against " + references.length + " are no pairs");
        }
        double mean = 0;
        for (int i = 0; i < n; i++) {
            mean += change(losses[i], references[i]) / n;
        }
        if (n == 1) {
            return new PairedDelta(mean, null, null, 1);
        }
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double rest = change(losses[i], references[i]) - mean;
            squares += rest * rest;
        }
        double half = StudentT.quantile975(n - 1) * Math.sqrt(squares / (n - 1) / n);
        return new PairedDelta(mean, mean - half, mean + half, n);
    }

    private static double change(double loss, double reference) {
        return (loss - reference) / reference;
    }
}
