package io.sluice.ops.bench;

import java.util.List;
import java.util.Locale;

/**
 * A straight line through values at equal distances, by least squares.
 *
 * @param slope change per value
 * @param error one standard error of it
 * @param mean mean of the values
 * @param count how many values
 */
record Trend(double slope, double error, double mean, int count) {

    /** Standard errors within which a slope is as good as none. */
    private static final double ERRORS = 2;

    /** Share of the mean by which a value may have grown over the whole time. */
    private static final double TOLERATED_GROWTH = 0.05;

    /** What {@link #isFlat} means, in a sentence. */
    static final String MEANING =
            String.format(
                    Locale.ROOT,
                    "flat: over the windows after the first two, a straight line rises by no more than %.0f standard errors"
                            + " of its slope, or by no more than %.0f %% of the mean from end to end",
                    ERRORS,
                    100 * TOLERATED_GROWTH);

    /**
     * @throws IllegalArgumentException for fewer than three values, which tell nothing of an error
     */
    static Trend of(List<Double> values) {
        int n = values.size();
        if (n < 3) {
            throw new IllegalArgumentException(n + " values have no trend");
        }
        double mean = values.stream().mapToDouble(v -> v).sum() / n;
        double middle = (n - 1) / 2.0;
        double squares = 0;
        double products = 0;
        for (int i = 0; i < n; i++) {
            squares += (i - middle) * (i - middle);
            products += (i - middle) * (values.get(i) - mean);
        }
        double slope = products / squares;
        double residuals = 0;
        for (int i = 0; i < n; i++) {
            double rest = values.get(i) - mean - slope * (i - middle);
            residuals += rest * rest;
        }
        return new Trend(slope, Math.sqrt(residuals / (n - 2) / squares), mean, n);
    }

    /** Growth over the whole time, as the line has it. */
    double growth() {
        return slope * (count - 1);
    }

    /** Whether nothing grows: not beyond the error, or by too little over the whole time. */
    boolean isFlat() {
        return slope <= ERRORS * error || growth() <= TOLERATED_GROWTH * mean;
    }
}
