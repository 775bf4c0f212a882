package io.sluice.core.round;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.List;
import java.util.Optional;

/** Counts how often what it wraps is asked. */
final class CountingStore implements RoundStore {

    private final RoundStore store;
    int accesses;

    CountingStore(RoundStore store) {
        this.store = store;
    }

    @Override
    public boolean add(Signal signal) {
        accesses++;
        return store.add(signal);
    }

    @Override
    public int received(long round) {
        accesses++;
        return store.received(round);
    }

    @Override
    public Optional<Signal> signal(long round, Subject subject, String reporter, int part) {
        accesses++;
        return store.signal(round, subject, reporter, part);
    }

    @Override
    public boolean add(RoundClosed closed) {
        accesses++;
        return store.add(closed);
    }

    @Override
    public List<RoundClosed> closed(long round) {
        accesses++;
        return store.closed(round);
    }

    @Override
    public void forget(long round) {
        accesses++;
        store.forget(round);
    }
}
