package io.sluice.core.sampling;

/**
 * Takes draws so that every count stays within one draw of its expectation, always.
 *
 * <p>Tijdeman, "The chairman assignment problem", Discrete Mathematics 32 (1980). With m weights
 * {@code w_j > 0} that sum to 1, counts {@code c_j} and {@code t = 1 / (2m - 2)}, draw n = 1, 2,
 * ... takes
 *
 * <pre>
 * among j with n w_j - c_j >= t:   the smallest (1 - t - (n w_j - c_j)) / w_j
 * </pre>
 *
 * <p>which is the group whose count must rise soonest, and keeps {@code |c_j - n w_j| <= 1 - t}.
 * Equal ones are told apart by their tie words, unsigned, the smallest first. Some j always
 * qualifies, because the {@code n w_j - c_j} sum to 1; where rounding leaves none, the one with the
 * largest {@code n w_j - c_j} is taken. Only IEEE + - * / and comparisons, in the order in which
 * they are written here, so that other languages agree in every bit.
 */
final class ChairmanAssignment {

    private final double[] weights;
    private final long[] ties;
    private final long[] counts;
    private final double least;
    private final double most;
    private long draws;

    /**
     * @param weights positive, summing to 1
     * @param ties one word per weight that decides between equals
     */
    ChairmanAssignment(double[] weights, long[] ties) {
        this.weights = weights;
        this.ties = ties;
        this.counts = new long[weights.length];
        this.least = weights.length > 1 ? 1.0 / (2 * weights.length - 2) : 0;
        this.most = 1 - least;
    }

    /** The index that the next draw takes. */
    int next() {
        draws++;
        int taken = -1;
        double smallest = 0;
        int furthestBehind = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < weights.length; j++) {
            double behind = draws * weights[j] - counts[j];
            if (behind >= least) {
                double urgency = (most - behind) / weights[j];
                if (taken < 0
                        || urgency < smallest
                        || (urgency == smallest
                                && Long.compareUnsigned(ties[j], ties[taken]) < 0)) {
                    taken = j;
                    smallest = urgency;
                }
            }
            if (behind > largest) {
                furthestBehind = j;
                largest = behind;
            }
        }
        int index = taken < 0 ? furthestBehind : taken;
        counts[index]++;
        return index;
    }
}
