package io.sluice.core.controller;

import java.util.Optional;

/**
 * Holds one run's snapshots, at most {@link Lineage#RECENT} + {@link Lineage#PINS} at a time. Apart
 * from the controller's state, because they are large and rarely read.
 */
public interface SnapshotStore {

    /** Keeps a snapshot; one of the same round is replaced. */
    void put(Snapshot snapshot);

    /** The snapshot taken before {@code nextRound} was decided. */
    Optional<Snapshot> get(long nextRound);

    /** Forgets a snapshot; without effect when there is none. */
    void remove(long nextRound);
}
