package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;

/**
 * The token-prior filter (arXiv 2509.18577): the mean and the standard deviation of a document's
 * log word frequencies tell prose of a kind from lists, code and noise at a fraction of a
 * perplexity's cost. Here the frequencies are those of the document's own group, in hashed buckets.
 *
 * <p>The first {@value #COUNTED} documents of a group give the frequencies, the next {@value
 * #MEASURED} what is usual; then both stay, so that a group does not drift towards its worst
 * documents. Until then every document scores 1. Later it scores {@code min(1, (3/z)^2)}, z the
 * larger distance of mean and deviation from the usual in standard deviations.
 *
 * <p>Not safe for threads; whoever stores it takes {@link #state()}.
 */
public final class TokenPriors {

    private static final int BUCKETS = 4096;
    private static final int COUNTED = 500;
    private static final int MEASURED = 500;
    private static final double USUAL = 3;

    /** Keeps a group of identical documents from calling everything else an outlier. */
    private static final double LEAST_DEVIATION = 0.05;

    private final int[] counts;
    private long words;
    private int documents;
    private double meanSum;
    private double meanSquares;
    private double deviationSum;
    private double deviationSquares;

    /** What nobody has seen a document of. */
    public TokenPriors() {
        this(new TokenPriorsState(new int[BUCKETS], 0, 0, 0, 0, 0, 0));
    }

    /** What was stored. */
    public TokenPriors(TokenPriorsState state) {
        this.counts = state.counts().clone();
        this.words = state.words();
        this.documents = state.documents();
        this.meanSum = state.meanSum();
        this.meanSquares = state.meanSquares();
        this.deviationSum = state.deviationSum();
        this.deviationSquares = state.deviationSquares();
    }

    /** A copy of all there is to store. */
    public TokenPriorsState state() {
        return new TokenPriorsState(
                counts.clone(),
                words,
                documents,
                meanSum,
                meanSquares,
                deviationSum,
                deviationSquares);
    }

    /** Whether further documents change nothing. */
    public boolean isLearned() {
        return documents >= COUNTED + MEASURED;
    }

    /** Learns from a document, as long as there is something to learn. */
    public void learn(NormalisedText document) {
        if (isLearned()) {
            return;
        }
        if (documents < COUNTED) {
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

    /** The score of a document. */
    public DocumentScore score(NormalisedText document) {
        double value = 1;
        if (isLearned()) {
            double[] moments = moments(document);
            double z =
                    Math.max(
                            distance(moments[0], meanSum, meanSquares),
                            distance(moments[1], deviationSum, deviationSquares));
            value = z <= USUAL ? 1 : USUAL / z * (USUAL / z);
        }
        return new DocumentScore("token-prior", 1, value);
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

    private static double distance(double value, double sum, double squares) {
        double mean = sum / MEASURED;
        double deviation = Math.sqrt(Math.max(0, squares / MEASURED - mean * mean));
        return Math.abs(value - mean) / Math.max(LEAST_DEVIATION, deviation);
    }

    private static int bucket(long word) {
        return (int) (word >>> 52);
    }
}
