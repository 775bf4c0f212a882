package io.sluice.bridge;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** When the last rounds were closed, so that a plan can be told how long it took. Thread-safe. */
final class RoundClock {

    /** Plans of rounds further back are no news. */
    private static final int ROUNDS = 64;

    private final Map<Long, Long> nanosByRound =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                    return size() > ROUNDS;
                }
            };

    private OptionalLong last = OptionalLong.empty();

    /** Notes that a round was closed at {@code nanos} of the nano clock. */
    synchronized void closed(long round, long nanos) {
        nanosByRound.put(round, nanos);
        last = OptionalLong.of(round);
    }

    /** The round that was closed last. */
    synchronized OptionalLong last() {
        return last;
    }

    /** Nanoseconds from the end of a round to {@code nanos}. */
    synchronized OptionalLong since(long round, long nanos) {
        Long closed = nanosByRound.get(round);
        return closed == null ? OptionalLong.empty() : OptionalLong.of(nanos - closed);
    }
}
