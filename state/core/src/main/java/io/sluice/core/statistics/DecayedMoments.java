package io.sluice.core.statistics;

/**
 * Exponentially decayed weight, mean and variance of a stream of numbers. Immutable and mergeable:
 * what two parts have seen, decayed to the same moment, adds up in any order but for rounding.
 *
 * @param weight decayed sum of weights, at least 0
 * @param mean weighted mean; 0 while there is no weight
 * @param squares weighted sum of squared distances from the mean, at least 0
 */
public record DecayedMoments(double weight, double mean, double squares) {

    /** Nothing seen yet. */
    public static final DecayedMoments EMPTY = new DecayedMoments(0, 0, 0);

    public DecayedMoments {
        if (!(weight >= 0 && squares >= 0)) {
            throw new IllegalArgumentException(
                    "weight " + weight + " and squares " + squares + " must be at least 0");
        }
    }

    /**
     * With everything seen so far counting {@code factor} as much.
     *
     * @param factor in [0, 1]
     */
    public DecayedMoments decayed(double factor) {
        return new DecayedMoments(factor * weight, mean, factor * squares);
    }

    /** With one more value of this positive weight. */
    public DecayedMoments with(double value, double valueWeight) {
        return merge(new DecayedMoments(valueWeight, value, 0));
    }

    /** What both have seen. */
    public DecayedMoments merge(DecayedMoments other) {
        double total = weight + other.weight;
        if (total == 0) {
            return EMPTY;
        }
        double distance = other.mean - mean;
        return new DecayedMoments(
                total,
                mean + distance * (other.weight / total),
                squares + other.squares + distance * distance * weight * (other.weight / total));
    }

    /** Population variance; 0 while there is no weight. */
    public double variance() {
        return weight > 0 ? squares / weight : 0;
    }
}
