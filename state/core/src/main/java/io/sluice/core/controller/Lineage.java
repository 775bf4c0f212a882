package io.sluice.core.controller;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which snapshots of a run are kept, so that an attempt that resumes from a checkpoint goes on with
 * the statistics of that time, and the rounds it takes again do not count twice.
 *
 * <p>A snapshot is taken before every decision. The last {@value #RECENT} are kept, and those that
 * the last {@value #PINS} saved checkpoints need. A checkpoint is announced about when it is saved,
 * which may be before or after the rounds around it are decided: a checkpoint in a round to come is
 * waited for, and one in a decided round is served from the recent ones.
 *
 * @param recent rounds before which the last snapshots were taken; nothing was decided between two
 *     of them but the rounds from one to the next
 * @param pinned by the round that a checkpoint resumes in, the snapshot that it needs
 * @param awaited rounds not decided yet in which checkpoints resume
 */
public record Lineage(
        SortedSet<Long> recent, SortedMap<Long, Long> pinned, SortedSet<Long> awaited) {

    /** Snapshots kept for attempts that resume shortly before where training was. */
    public static final int RECENT = 4;

    /** Saved checkpoints whose snapshots are kept. */
    public static final int PINS = 8;

    /** No snapshots. */
    public static final Lineage EMPTY =
            new Lineage(new TreeSet<>(), new TreeMap<>(), new TreeSet<>());

    public Lineage {
        recent = Collections.unmodifiableSortedSet(new TreeSet<>(recent));
        pinned = Collections.unmodifiableSortedMap(new TreeMap<>(pinned));
        awaited = Collections.unmodifiableSortedSet(new TreeSet<>(awaited));
    }

    /**
     * Keeps a snapshot of the statistics before a decision.
     *
     * @param throughRound last of the rounds that the decision is on
     */
    Lineage decided(Snapshot before, long throughRound, SnapshotStore store) {
        store.put(before);
        SortedSet<Long> nextRecent = new TreeSet<>(recent);
        nextRecent.add(before.nextRound());
        while (nextRecent.size() > RECENT) {
            nextRecent.remove(nextRecent.first());
        }
        SortedMap<Long, Long> nextPinned = new TreeMap<>(pinned);
        SortedSet<Long> nextAwaited = new TreeSet<>(awaited);
        for (long round : awaited.headSet(throughRound + 1)) {
            nextPinned.put(round, before.nextRound());
            nextAwaited.remove(round);
        }
        return kept(nextRecent, nextPinned, nextAwaited, store);
    }

    /**
     * Pins the snapshot that a saved checkpoint needs.
     *
     * @param round the round that it resumes in
     * @param nextRound the round to be decided next
     */
    Lineage saved(long round, long nextRound, SnapshotStore store) {
        SortedMap<Long, Long> nextPinned = new TreeMap<>(pinned);
        SortedSet<Long> nextAwaited = new TreeSet<>(awaited);
        if (round >= nextRound) {
            nextAwaited.add(round);
            while (nextAwaited.size() > PINS) {
                nextAwaited.remove(nextAwaited.first());
            }
        } else {
            find(round).ifPresent(snapshot -> nextPinned.put(round, snapshot));
        }
        return kept(recent, nextPinned, nextAwaited, store);
    }

    /** The snapshot that an attempt needs that resumes in a decided round. */
    Optional<Long> find(long round) {
        SortedSet<Long> upTo = recent.headSet(round + 1);
        return upTo.isEmpty() ? Optional.ofNullable(pinned.get(round)) : Optional.of(upTo.last());
    }

    /** Forgets the futures that an attempt abandons by resuming in {@code round}. */
    Lineage resumed(long round, SnapshotStore store) {
        return kept(
                recent.headSet(round + 1),
                pinned.headMap(round + 1),
                awaited.headSet(round + 1),
                store);
    }

    /** Forgets everything. */
    Lineage cleared(SnapshotStore store) {
        return kept(new TreeSet<>(), new TreeMap<>(), new TreeSet<>(), store);
    }

    /** The new lineage; snapshots that it does not need leave the store. */
    private Lineage kept(
            SortedSet<Long> nextRecent,
            SortedMap<Long, Long> nextPinned,
            SortedSet<Long> nextAwaited,
            SnapshotStore store) {
        SortedMap<Long, Long> newestPins = new TreeMap<>(nextPinned);
        while (newestPins.size() > PINS) {
            newestPins.remove(newestPins.firstKey());
        }
        SortedSet<Long> superfluous = new TreeSet<>(recent);
        superfluous.addAll(pinned.values());
        superfluous.removeAll(nextRecent);
        superfluous.removeAll(newestPins.values());
        superfluous.forEach(store::remove);
        return new Lineage(nextRecent, newestPins, nextAwaited);
    }
}
