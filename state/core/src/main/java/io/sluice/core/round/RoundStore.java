package io.sluice.core.round;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.List;
import java.util.Optional;

/**
 * Holds the signals of the open rounds of one (run, shard). At most {@link RoundReducer#WINDOW} + 1
 * rounds, with consecutive numbers, are held at a time.
 */
public interface RoundStore {

    /**
     * Keeps a signal; answers false, and changes nothing, when one with its identity is held
     * already.
     */
    boolean add(Signal signal);

    /** How many signals of a round are held. */
    int received(long round);

    /** The signal with this identity. */
    Optional<Signal> signal(long round, Subject subject, String reporter, int part);

    /**
     * Keeps a reporter's statement; answers false, and changes nothing, when one is held already.
     */
    boolean add(RoundClosed closed);

    /** The statements held for a round, in increasing order of their reporters. */
    List<RoundClosed> closed(long round);

    /** Drops everything of a round. */
    void forget(long round);
}
