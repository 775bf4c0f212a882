package io.sluice.core.controller;

import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;

/**
 * How many signals of a run have counted, beyond what the shards count over the current attempt. A
 * target's signal counts once per shard.
 *
 * @param earlier totals of the attempts before the current one, each to its end. A shard that the
 *     run has no more tells its part when it hears of the attempt, which may be after a decision
 * @param decided signals accepted in the current attempt, through its last decided round
 * @param lineage signals accepted in the decided rounds that survive: those on whose statistics the
 *     current attempt builds, and its own
 */
public record SignalCounts(ShardRound.Counts earlier, long decided, long lineage) {

    /** Nothing yet. */
    public static final SignalCounts NONE = new SignalCounts(ShardRound.Counts.ZERO, 0, 0);

    /** An attempt begins, on rounds with so many signals. */
    SignalCounts begun(long surviving) {
        return new SignalCounts(earlier, 0, surviving);
    }

    /** A shard tells what it had counted in the attempt that it leaves. */
    SignalCounts left(ShardRound.Counts counts) {
        return new SignalCounts(earlier.plus(counts), decided, lineage);
    }

    /** A round is decided. Rounds are decided in order, so what is new belongs to it. */
    SignalCounts with(RoundResult round) {
        long accepted = round.counts().accepted();
        return new SignalCounts(earlier, accepted, lineage + accepted - decided);
    }

    /**
     * Totals over all attempts.
     *
     * @param attempt totals of the current one
     */
    ShardRound.Counts total(ShardRound.Counts attempt) {
        return earlier.plus(attempt);
    }
}
