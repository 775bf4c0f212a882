package io.sluice.core.controller;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps snapshots on the heap: for simulation, replay and tests. */
public final class InMemorySnapshotStore implements SnapshotStore {

    private final Map<Long, Snapshot> snapshots = new HashMap<>();

    @Override
    public void put(Snapshot snapshot) {
        snapshots.put(snapshot.nextRound(), snapshot);
    }

    @Override
    public Optional<Snapshot> get(long nextRound) {
        return Optional.ofNullable(snapshots.get(nextRound));
    }

    @Override
    public void remove(long nextRound) {
        snapshots.remove(nextRound);
    }

    /** Number of snapshots held. */
    public int size() {
        return snapshots.size();
    }
}
