package io.sluice.core.statistics;

/**
 * The noise of a smooth series, told from its bends: where values lie on a line but for independent
 * errors of variance s^2, {@code E[(x_t - 2 x_{t-1} + x_{t-2})^2] = 6 s^2}. Curvature of the series
 * adds to the estimate: it errs on the high side.
 *
 * @param count values seen; more than 2 count as 2
 * @param last the newest value
 * @param beforeLast the value before it
 * @param bends decayed moments of the bends
 */
public record SeriesNoise(int count, double last, double beforeLast, DecayedMoments bends) {

    /** Nothing seen yet. */
    public static final SeriesNoise EMPTY = new SeriesNoise(0, 0, 0, DecayedMoments.EMPTY);

    /** How many numbers {@link #toArray} gives. */
    public static final int FIELDS = 6;

    private static final double DECAY = 0.95;

    /** With the next value of the series. */
    public SeriesNoise with(double value) {
        if (count < 2) {
            return new SeriesNoise(count + 1, value, last, bends);
        }
        double bend = value - 2 * last + beforeLast;
        return new SeriesNoise(count, value, last, bends.decayed(DECAY).with(bend, 1));
    }

    /** Standard deviation of one value's error; infinite before the third value. */
    public double deviation() {
        return bends.weight() > 0
                ? Math.sqrt((bends.variance() + bends.mean() * bends.mean()) / 6)
                : Double.POSITIVE_INFINITY;
    }

    /** The estimate as numbers, to be stored. */
    public double[] toArray() {
        return new double[] {
            count, last, beforeLast, bends.weight(), bends.mean(), bends.squares()
        };
    }

    /** An estimate from what {@link #toArray} gave, which stands at {@code from}. */
    public static SeriesNoise of(double[] array, int from) {
        return new SeriesNoise(
                (int) array[from],
                array[from + 1],
                array[from + 2],
                new DecayedMoments(array[from + 3], array[from + 4], array[from + 5]));
    }
}
