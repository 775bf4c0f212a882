package io.sluice.core.statistics;

import java.util.Arrays;
import java.util.Optional;

/**
 * The loss of one group against the tokens it was trained on, in at most {@value #MOST_POINTS}
 * points. When there is one too many, the two neighbours that are closest in the logarithm of the
 * tokens become one, weighted by their tokens: what is left is spaced evenly on that scale, where a
 * power law is read. Immutable.
 *
 * <p>The fit is {@code L(n) = E + B n^-alpha}. For a given alpha it is linear in (E, B), so that
 * weighted least squares under {@code 0 <= E <= min L} and {@code B >= 0} has a closed form; alpha
 * is the best of a grid, refined by golden section. Source: the law of Jiang et al., "Adaptive Data
 * Optimization", arXiv 2410.11820, section 3. Deviations: their 512 starts of a quasi-Newton method
 * on a Huber loss are replaced by this one-dimensional search; E has no lower bound of its own,
 * because theirs ({@code E >= exp(0.5)}) is wrong for groups of low loss.
 */
public final class LearningCurve {

    /** Most points of a curve. */
    public static final int MOST_POINTS = 64;

    /** Fewest points that a law is fitted to. */
    public static final int FEWEST_POINTS = 4;

    /** A curve without points. */
    public static final LearningCurve EMPTY = new LearningCurve(new double[0]);

    private static final int FIELDS = 3;
    private static final double LEAST_ALPHA = 0.02;
    private static final double MOST_ALPHA = 1.2;
    private static final int GRID = 40;
    private static final int REFINEMENTS = 30;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    /** Tokens before the point's middle, mean loss, tokens of the point; and so on. */
    private final double[] points;

    private LearningCurve(double[] points) {
        this.points = points;
    }

    /**
     * A curve from what {@link #toArray} gave.
     *
     * @throws IllegalArgumentException when it cannot have come from there
     */
    public static LearningCurve of(double[] array) {
        if (array.length % FIELDS != 0 || array.length > MOST_POINTS * FIELDS) {
            throw new IllegalArgumentException(
                    "a learning curve has no " + array.length + " numbers");
        }
        return new LearningCurve(array.clone());
    }

    /** The curve as numbers, to be stored. */
    public double[] toArray() {
        return points.clone();
    }

    /** Number of points. */
    public int size() {
        return points.length / FIELDS;
    }

    /**
     * With one more observation.
     *
     * @param tokensBefore tokens of the group before it
     * @param tokens tokens of the observation, positive
     * @param meanLoss their mean loss, in nats
     */
    public LearningCurve with(double tokensBefore, double tokens, double meanLoss) {
        double[] longer = new double[points.length + FIELDS];
        System.arraycopy(points, 0, longer, 0, points.length);
        longer[points.length] = tokensBefore + tokens / 2;
        longer[points.length + 1] = meanLoss;
        longer[points.length + 2] = tokens;
        return new LearningCurve(
                longer.length <= MOST_POINTS * FIELDS ? longer : mergeClosest(longer));
    }

    /** The law that fits best; empty while there are too few points. */
    public Optional<PowerLaw> fit() {
        int count = size();
        if (count < FEWEST_POINTS) {
            return Optional.empty();
        }
        double scale = points[(count - 1) * FIELDS];
        double[] logs = new double[count];
        for (int k = 0; k < count; k++) {
            logs[k] = StrictMath.log(points[k * FIELDS] / scale);
        }
        int best = 0;
        Fit bestFit = fit(alpha(0), logs);
        for (int g = 1; g < GRID; g++) {
            Fit fit = fit(alpha(g), logs);
            if (fit.error < bestFit.error) {
                best = g;
                bestFit = fit;
            }
        }
        double low = alpha(Math.max(best - 1, 0));
        double high = alpha(Math.min(best + 1, GRID - 1));
        for (int i = 0; i < REFINEMENTS; i++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (fit(left, logs).error <= fit(right, logs).error) {
                high = right;
            } else {
                low = left;
            }
        }
        double alpha = (low + high) / 2;
        Fit fit = fit(alpha, logs);
        return Optional.of(new PowerLaw(fit.floor, fit.drop, alpha, scale));
    }

    /** The same losses, as if so many tokens had gone before the first point. */
    public LearningCurve shifted(double tokens) {
        double[] moved = points.clone();
        for (int k = 0; k < size(); k++) {
            moved[k * FIELDS] += tokens;
        }
        return new LearningCurve(moved);
    }

    /** Root of the mean square, weighted by tokens, of what a law leaves unexplained, in nats. */
    public double deviation(PowerLaw law) {
        double total = 0;
        double squares = 0;
        for (int k = 0; k < size(); k++) {
            double rest = points[k * FIELDS + 1] - law.loss(points[k * FIELDS]);
            total += points[k * FIELDS + 2];
            squares += points[k * FIELDS + 2] * rest * rest;
        }
        return total > 0 ? Math.sqrt(squares / total) : 0;
    }

    /** Tokens before the middle of the first point, and of the last. */
    public double[] span() {
        return size() == 0
                ? new double[2]
                : new double[] {points[0], points[(size() - 1) * FIELDS]};
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LearningCurve
                && Arrays.equals(points, ((LearningCurve) other).points);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(points);
    }

    private static double alpha(int g) {
        return LEAST_ALPHA
                * StrictMath.exp(g * StrictMath.log(MOST_ALPHA / LEAST_ALPHA) / (GRID - 1));
    }

    private record Fit(double floor, double drop, double error) {}

    /** Least squares of {@code floor + drop x}, x = (n / scale)^-alpha, within the bounds. */
    private Fit fit(double alpha, double[] logs) {
        double total = 0;
        double meanX = 0;
        double meanLoss = 0;
        double leastLoss = Double.POSITIVE_INFINITY;
        double[] x = new double[logs.length];
        for (int k = 0; k < logs.length; k++) {
            x[k] = StrictMath.exp(-alpha * logs[k]);
            double weight = points[k * FIELDS + 2];
            total += weight;
            meanX += weight * x[k];
            meanLoss += weight * points[k * FIELDS + 1];
            leastLoss = Math.min(leastLoss, points[k * FIELDS + 1]);
        }
        meanX /= total;
        meanLoss /= total;
        double covariance = 0;
        double variance = 0;
        double squares = 0;
        for (int k = 0; k < logs.length; k++) {
            double weight = points[k * FIELDS + 2];
            covariance += weight * (x[k] - meanX) * (points[k * FIELDS + 1] - meanLoss);
            variance += weight * (x[k] - meanX) * (x[k] - meanX);
            squares += weight * x[k] * x[k];
        }
        double drop = variance > 0 ? Math.max(0, covariance / variance) : 0;
        double floor = meanLoss - drop * meanX;
        double bounded = Math.max(0, Math.min(leastLoss, floor));
        if (bounded != floor && drop > 0) {
            // On a bound of the floor the drop is a regression through it.
            floor = bounded;
            drop = Math.max(0, (covariance + total * meanX * (meanLoss - floor)) / squares);
        }
        double error = 0;
        for (int k = 0; k < logs.length; k++) {
            double rest = points[k * FIELDS + 1] - floor - drop * x[k];
            error += points[k * FIELDS + 2] * rest * rest;
        }
        return new Fit(floor, drop, error);
    }

    private static double[] mergeClosest(double[] longer) {
        int count = longer.length / FIELDS;
        int closest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k + 1 < count; k++) {
            double ratio = longer[(k + 1) * FIELDS] / longer[k * FIELDS];
            if (ratio < least) {
                least = ratio;
                closest = k;
            }
        }
        double[] merged = new double[longer.length - FIELDS];
        int at = closest * FIELDS;
        System.arraycopy(longer, 0, merged, 0, at + FIELDS);
        System.arraycopy(longer, at + 2 * FIELDS, merged, at + FIELDS, merged.length - at - FIELDS);
        double a = longer[at + 2];
        double b = longer[at + FIELDS + 2];
        for (int field = 0; field < FIELDS - 1; field++) {
            merged[at + field] =
                    (a * longer[at + field] + b * longer[at + FIELDS + field]) / (a + b);
        }
        merged[at + 2] = a + b;
        return merged;
    }
}
