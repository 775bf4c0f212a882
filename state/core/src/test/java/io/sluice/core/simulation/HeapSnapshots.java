package io.sluice.core.simulation;

import io.sluice.core.controller.Snapshot;
import io.sluice.core.controller.SnapshotStore;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A controller's snapshots, as a checkpoint of the job can hold them. */
class HeapSnapshots implements SnapshotStore {

    private final Map<Long, Snapshot> snapshots = new HashMap<>();

    /** Takes in what the other holds. */
    HeapSnapshots with(HeapSnapshots other) {
        snapshots.putAll(other.snapshots);
        return this;
    }

    int size() {
        return snapshots.size();
    }

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
}
