package io.sluice.core.candidate.admission;

import io.sluice.core.candidate.score.ScoreHistogram;
import io.sluice.core.candidate.supply.ArrivalRate;

/**
 * The books of one group of a catalog.
 *
 * @param documents documents let in and not removed
 * @param tokens their tokens
 * @param admitted documents ever let in; never goes back
 * @param turnedAway documents that were no duplicates and were not let in
 * @param removed documents let in and removed since
 * @param scores scores of all that was offered
 * @param arrivals tokens let in per second
 */
public record GroupStock(
        long documents,
        long tokens,
        long admitted,
        long turnedAway,
        long removed,
        ScoreHistogram scores,
        ArrivalRate arrivals) {

    /** A group of which nothing was offered. */
    public static final GroupStock EMPTY =
            new GroupStock(0, 0, 0, 0, 0, ScoreHistogram.empty(), ArrivalRate.NONE);

    /** Grows with every change, so that of two supplies the later one is known. */
    public long version() {
        return admitted + turnedAway + removed;
    }

    GroupStock admit(long moreTokens, double score, long nowMillis) {
        return new GroupStock(
                documents + 1,
                tokens + moreTokens,
                admitted + 1,
                turnedAway,
                removed,
                scores.with(score),
                arrivals.arrived(moreTokens, nowMillis));
    }

    GroupStock turnAway(double score) {
        return new GroupStock(
                documents, tokens, admitted, turnedAway + 1, removed, scores.with(score), arrivals);
    }

    /** The books after documents were removed. */
    public GroupStock remove(long removedDocuments, long removedTokens) {
        return new GroupStock(
                Math.max(0, documents - removedDocuments),
                Math.max(0, tokens - removedTokens),
                admitted,
                turnedAway,
                removed + removedDocuments,
                scores,
                arrivals);
    }
}
