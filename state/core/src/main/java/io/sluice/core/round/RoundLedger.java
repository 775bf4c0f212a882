package io.sluice.core.round;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The small part of a reducer's state, for one (run, shard). It is read and written with every
 * signal, so it holds numbers only.
 *
 * @param attempt number of the attempt whose rounds are open
 * @param reporters how many reporters the attempt has
 * @param nextRound the round to fold next; every earlier one is over
 * @param open what is held per open round; absent where nothing is
 * @param counts running totals over the attempt
 * @param counted whether {@code open} knows of the statements that are held; false only for a
 *     ledger of an older build, which a reducer makes good
 */
public record RoundLedger(
        long attempt,
        int reporters,
        long nextRound,
        SortedMap<Long, OpenRound> open,
        ShardRound.Counts counts,
        boolean counted) {

    /**
     * What is held of a round.
     *
     * @param received signals
     * @param statements reporters' statements
     * @param due signals without which the round is not whole, however many there are beyond
     */
    public record OpenRound(int received, int statements, int due) {

        static final OpenRound NOTHING = new OpenRound(0, 0, 0);
    }

    public RoundLedger {
        open = Collections.unmodifiableSortedMap(new TreeMap<>(open));
    }

    /** What is held of {@code round}. */
    OpenRound open(long round) {
        return open.getOrDefault(round, OpenRound.NOTHING);
    }

    RoundLedger with(long round, OpenRound value) {
        SortedMap<Long, OpenRound> rounds = new TreeMap<>(open);
        rounds.put(round, value);
        return new RoundLedger(attempt, reporters, nextRound, rounds, counts, counted);
    }

    RoundLedger withCounts(ShardRound.Counts value) {
        return new RoundLedger(attempt, reporters, nextRound, open, value, counted);
    }

    RoundLedger asCounted() {
        return new RoundLedger(attempt, reporters, nextRound, open, counts, true);
    }

    /** Every round before {@code next} is over. */
    RoundLedger advanced(long next) {
        return new RoundLedger(attempt, reporters, next, open.tailMap(next), counts, counted);
    }
}
