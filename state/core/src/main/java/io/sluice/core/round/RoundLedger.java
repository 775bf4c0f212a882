package io.sluice.core.round;

import io.sluice.core.domain.Attempt;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The small part of a reducer's state, for one (run, shard).
 *
 * @param attempt the attempt whose rounds are open
 * @param nextRound the round to fold next; every earlier one is over
 * @param received signals held per open round
 * @param counts running totals over the attempt
 */
public record RoundLedger(
        Attempt attempt,
        long nextRound,
        SortedMap<Long, Integer> received,
        ShardRound.Counts counts) {

    public RoundLedger {
        received = Collections.unmodifiableSortedMap(new TreeMap<>(received));
    }
}
