package io.sluice.core.round;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The small part of a reducer's state, for one (run, shard). It changes with every signal, so it
 * holds numbers only; what is stored of it ({@link #settled}) changes with rounds.
 *
 * @param attempt number of the attempt whose rounds are open
 * @param reporters how many reporters the attempt has
 * @param nextRound the round to fold next; every earlier one is over
 * @param open what is held per open round; absent where nothing is
 * @param counts running totals over the attempt
 * @param counted whether {@code open} and {@code counts} know of what is held; false for a ledger
 *     that was stored, which a reducer makes good
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

    /** So many more signals of {@code round} are held. */
    RoundLedger received(long round, int signals) {
        if (signals == 0) {
            return this;
        }
        OpenRound held = open(round);
        return with(round, new OpenRound(held.received() + signals, held.statements(), held.due()))
                .withCounts(counts.withAccepted(counts.accepted() + signals));
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

    /**
     * The same without what a store of the open rounds knows anyway: a signal that is held changes
     * nothing in it.
     */
    public RoundLedger settled() {
        if (!counted && open.isEmpty()) {
            return this;
        }
        long held = 0;
        for (OpenRound round : open.values()) {
            held += round.received();
        }
        return new RoundLedger(
                attempt,
                reporters,
                nextRound,
                Collections.emptySortedMap(),
                counts.withAccepted(counts.accepted() - held),
                false);
    }

    /** Every round before {@code next} is over. */
    RoundLedger advanced(long next) {
        return new RoundLedger(attempt, reporters, next, open.tailMap(next), counts, counted);
    }
}
