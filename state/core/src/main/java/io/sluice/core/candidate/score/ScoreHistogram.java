package io.sluice.core.candidate.score;

import java.util.Arrays;

/**
 * Running quantiles of scores between 0 and 1: counts in {@value #BINS} bins of equal width. Ranks
 * are exact at the bins' edges, memory is fixed, and merging adds, in any order. A sketch for
 * unbounded values, as KLL or a t-digest, would buy nothing here.
 */
public final class ScoreHistogram {

    private static final int BINS = 128;

    private final long[] counts;
    private final long total;

    private ScoreHistogram(long[] counts, long total) {
        this.counts = counts;
        this.total = total;
    }

    /** No scores. */
    public static ScoreHistogram empty() {
        return new ScoreHistogram(new long[BINS], 0);
    }

    /**
     * What {@link #counts()} gave.
     *
     * @throws IllegalArgumentException when it has another number of bins or a negative count
     */
    public static ScoreHistogram of(long[] counts) {
        if (counts.length != BINS || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException("not " + BINS + " counts of at least 0");
        }
        return new ScoreHistogram(counts.clone(), Arrays.stream(counts).sum());
    }

    /** These scores and one more, which lies within 0 to 1. */
    public ScoreHistogram with(double score) {
        long[] more = counts.clone();
        more[bin(score)]++;
        return new ScoreHistogram(more, total + 1);
    }

    /** These scores and others. */
    public ScoreHistogram merge(ScoreHistogram other) {
        long[] sum = counts.clone();
        for (int i = 0; i < BINS; i++) {
            sum[i] += other.counts[i];
        }
        return new ScoreHistogram(sum, total + other.total);
    }

    /** Number of scores. */
    public long total() {
        return total;
    }

    /** The counts per bin, lowest scores first. */
    public long[] counts() {
        return counts.clone();
    }

    /**
     * The share of scores below {@code score}, those in its own bin by half; 1/2 without scores.
     */
    public double rank(double score) {
        if (total == 0) {
            return 0.5;
        }
        int bin = bin(score);
        long below = 0;
        for (int i = 0; i < bin; i++) {
            below += counts[i];
        }
        return (below + 0.5 * counts[bin]) / total;
    }

    /**
     * The upper edge of the first bin up to which a share {@code q} of the scores lies; 0 without
     * scores.
     *
     * @param q 0 to 1
     */
    public double quantile(double q) {
        long below = 0;
        for (int i = 0; i < BINS; i++) {
            below += counts[i];
            if (total > 0 && below > 0 && below >= q * total) {
                return (i + 1.0) / BINS;
            }
        }
        return 0;
    }

    private static int bin(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("score " + score + " is not 0 to 1");
        }
        return Math.min(BINS - 1, (int) (score * BINS));
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof ScoreHistogram other && Arrays.equals(counts, other.counts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(counts);
    }

    @Override
    public String toString() {
        return "ScoreHistogram[" + total + " scores, median " + quantile(0.5) + ']';
    }
}
