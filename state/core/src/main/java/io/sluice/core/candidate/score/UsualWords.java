package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;

/**
 * How usual a document's words are among the first documents of its group. So many give the
 * frequencies of words, as many again the usual mean and standard deviation of a document's log
 * frequencies; then both stay.
 *
 * <p>Not safe for threads; whoever stores it takes {@link #state()}.
 */
final class UsualWords {

    private static final int BUCKETS = 4096;

    /** Keeps a group of identical documents from calling everything else an outlier. */
    private static final double LEAST_DEVIATION = 0.05;

    private final int half;
    private final int[] counts;
    private long words;
    private int documents;
    private double meanSum;
    private double meanSquares;
    private double deviationSum;
    private double deviationSquares;

    /**
     * What nobody has seen a document of.
     *
     * @param half documents that give the frequencies, and documents that are measured
     */
    UsualWords(int half) {
        this(half, new UsualWordsState(new int[BUCKETS], 0, 0, 0, 0, 0, 0));
    }

    /** What was stored. */
    UsualWords(int half, UsualWordsState state) {
        this.half = half;
        this.counts = state.counts().clone();
        this.words = state.words();
        this.documents = state.documents();
        this.meanSum = state.meanSum();
        this.meanSquares = state.meanSquares();
        this.deviationSum = state.deviationSum();
        this.deviationSquares = state.deviationSquares();
    }

    /** A copy of all there is to store. */
    UsualWordsState state() {
        return new UsualWordsState(
                counts.clone(),
                words,
                documents,
                meanSum,
                meanSquares,
                deviationSum,
                deviationSquares);
    }

    /** Whether further documents change nothing. */
    boolean isLearned() {
        return documents >= 2 * half;
    }

    /** Learns from a document, as long as there is something to learn. */
    void learn(NormalisedText document) {
        if (isLearned()) {
            return;
        }
        if (documents < half) {
            for (long word : document.words()) {
                counts[bucket(word)]++;
            }
            words += document.size();
        } else {
            double[] moments = moments(document);
            meanSum += moments[0];
            meanSquares += moments[0] * moments[0];
            deviationSum += moments[1];
            deviationSquares += moments[1] * moments[1];
        }
        documents++;
    }

    /**
     * The larger distance of the document's mean and deviation from the usual, in standard
     * deviations; to be asked once it has learned.
     */
    double distance(NormalisedText document) {
        double[] moments = moments(document);
        return Math.max(
                distance(moments[0], meanSum, meanSquares),
                distance(moments[1], deviationSum, deviationSquares));
    }

    /** Mean and standard deviation of the words' log frequencies; one is added to every bucket. */
    private double[] moments(NormalisedText document) {
        double sum = 0;
        double squares = 0;
        for (long word : document.words()) {
            double log = StrictMath.log((counts[bucket(word)] + 1.0) / ((double) words + BUCKETS));
            sum += log;
            squares += log * log;
        }
        double n = Math.max(1, document.size());
        double mean = sum / n;
        return new double[] {mean, Math.sqrt(Math.max(0, squares / n - mean * mean))};
    }

    private double distance(double value, double sum, double squares) {
        double mean = sum / half;
        double deviation = Math.sqrt(Math.max(0, squares / half - mean * mean));
        return Math.abs(value - mean) / Math.max(LEAST_DEVIATION, deviation);
    }

    private static int bucket(long word) {
        return (int) (word >>> 52);
    }
}
