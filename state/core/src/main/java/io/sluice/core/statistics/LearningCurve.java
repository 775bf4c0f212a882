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
 * is the best of a grid, refined. Source: the law of Jiang et al., "Adaptive Data Optimization",
 * arXiv 2410.11820, section 3. Deviations: their 512 starts of a quasi-Newton method on a Huber
 * loss are replaced by this one-dimensional search; E has no lower bound of its own, because theirs
 * ({@code E >= exp(0.5)}) is wrong for groups of low loss.
 */
public final class LearningCurve {

    /** Most points of a curve. */
    public static final int MOST_POINTS = 64;

    /** Fewest points that a law is fitted to. */
    public static final int FEWEST_POINTS = 4;

    /** A curve without points. */
    public static final LearningCurve EMPTY = new LearningCurve(new double[0]);

    private static final int FIELDS = 3;

    /** Tokens before the point's middle, mean loss, tokens of the point; and so on. */
    private final double[] points;

    private LearningCurve(double[] points) {
        this.points = points;
    }

    /**
     * A curve from what {@link #toArray} gave, which nobody may write to later.
     *
     * @throws IllegalArgumentException when it cannot have come from there
     */
    public static LearningCurve of(double[] array) {
        if (array.length % FIELDS != 0 || array.length > MOST_POINTS * FIELDS) {
            throw new IllegalArgumentException(
                    "a learning curve has no " + array.length + " numbers");
        }
        return new LearningCurve(array);
    }

    /** The curve as numbers, to be stored and not to be written to. */
    public double[] toArray() {
        return points;
    }

    /** Tokens of all points. */
    public double tokens() {
        double tokens = 0;
        for (int k = 0; k < size(); k++) {
            tokens += points[k * FIELDS + 2];
        }
        return tokens;
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
        double at = tokensBefore + tokens / 2;
        if (size() == MOST_POINTS) {
            return new LearningCurve(withOneFewer(at, meanLoss, tokens));
        }
        double[] longer = Arrays.copyOf(points, points.length + FIELDS);
        set(longer, size(), at, meanLoss, tokens);
        return new LearningCurve(longer);
    }

    /** The law that fits best; empty while there are too few points. */
    public Optional<PowerLaw> fit() {
        int count = size();
        if (count < FEWEST_POINTS) {
            return Optional.empty();
        }
        double[] tokens = new double[count];
        double[] losses = new double[count];
        double[] weights = new double[count];
        for (int k = 0; k < count; k++) {
            tokens[k] = points[k * FIELDS];
            losses[k] = points[k * FIELDS + 1];
            weights[k] = points[k * FIELDS + 2];
        }
        return Optional.of(PowerLawFit.of(tokens, losses, weights));
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

    /** The points with one more at the end, and the two of them that are closest made one. */
    private double[] withOneFewer(double at, double meanLoss, double tokens) {
        int last = size() - 1;
        int closest = last;
        double least = at / points[last * FIELDS];
        for (int k = last - 1; k >= 0; k--) {
            double ratio = points[(k + 1) * FIELDS] / points[k * FIELDS];
            if (ratio <= least) {
                least = ratio;
                closest = k;
            }
        }
        double[] next = points.clone();
        if (closest == last) {
            merge(next, last, at, meanLoss, tokens);
            return next;
        }
        int after = (closest + 1) * FIELDS;
        merge(next, closest, points[after], points[after + 1], points[after + 2]);
        System.arraycopy(points, after + FIELDS, next, after, points.length - after - FIELDS);
        set(next, last, at, meanLoss, tokens);
        return next;
    }

    /** Makes a point of the array the mean of itself and another, weighted by tokens. */
    private static void merge(double[] array, int k, double at, double loss, double tokens) {
        double own = array[k * FIELDS + 2];
        double sum = own + tokens;
        set(
                array,
                k,
                (own * array[k * FIELDS] + tokens * at) / sum,
                (own * array[k * FIELDS + 1] + tokens * loss) / sum,
                sum);
    }

    private static void set(double[] array, int k, double at, double loss, double tokens) {
        array[k * FIELDS] = at;
        array[k * FIELDS + 1] = loss;
        array[k * FIELDS + 2] = tokens;
    }
}
