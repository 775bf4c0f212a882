package io.sluice.state.flink;

import io.sluice.core.controller.Snapshot;
import io.sluice.core.controller.SnapshotStore;
import java.util.Optional;
import org.apache.flink.api.common.state.MapState;

/** Snapshots in Flink's keyed state, for the run that is being processed. */
public final class KeyedSnapshotStore implements SnapshotStore {

    private final MapState<Long, Snapshot> snapshots;

    public KeyedSnapshotStore(MapState<Long, Snapshot> snapshots) {
        this.snapshots = snapshots;
    }

    /** Forgets every snapshot. */
    public void clear() {
        snapshots.clear();
    }

    @Override
    public void put(Snapshot snapshot) {
        StateAccess.of(
                () -> {
                    snapshots.put(snapshot.nextRound(), snapshot);
                    return null;
                });
    }

    @Override
    public Optional<Snapshot> get(long nextRound) {
        return StateAccess.of(() -> Optional.ofNullable(snapshots.get(nextRound)));
    }

    @Override
    public void remove(long nextRound) {
        StateAccess.of(
                () -> {
                    snapshots.remove(nextRound);
                    return null;
                });
    }
}
