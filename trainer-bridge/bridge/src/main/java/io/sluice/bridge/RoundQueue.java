package io.sluice.bridge;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Optional;

/**
 * Rounds on their way from the trainer to the sender. Bounded: a round that finds it full gives up
 * its signals, and of such rounds, too, only the last few are kept. Adding never waits.
 * Thread-safe.
 */
final class RoundQueue {

    private final int capacity;
    private final SketchPool pool;
    private final ArrayDeque<RecordedRound> rounds = new ArrayDeque<>();
    private boolean closed;

    /**
     * @param capacity most rounds with signals, and most rounds without
     */
    RoundQueue(int capacity, SketchPool pool) {
        this.capacity = capacity;
        this.pool = pool;
    }

    /**
     * Adds a round.
     *
     * @param sendable whether its signals could be sent, had they room
     * @return whether it kept its signals
     */
    synchronized boolean add(RecordedRound round, boolean sendable) {
        boolean kept = sendable && !closed && count(false) < capacity;
        if (!kept && count(true) >= capacity) {
            removeOldestLost();
        }
        rounds.add(kept ? round : round.giveUp(pool));
        notifyAll();
        return kept;
    }

    /** The oldest round; empty when the queue is closed and nothing is left. Waits. */
    synchronized Optional<RecordedRound> take() throws InterruptedException {
        while (rounds.isEmpty() && !closed) {
            wait();
        }
        return poll();
    }

    /** The oldest round, if there is one. */
    synchronized Optional<RecordedRound> poll() {
        return Optional.ofNullable(rounds.poll());
    }

    /** Rounds that wait. */
    synchronized int size() {
        return rounds.size();
    }

    /** Takes no more signals. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private int count(boolean lost) {
        int count = 0;
        for (RecordedRound round : rounds) {
            count += round.lost() == lost ? 1 : 0;
        }
        return count;
    }

    private void removeOldestLost() {
        Iterator<RecordedRound> oldest = rounds.iterator();
        while (oldest.hasNext()) {
            if (oldest.next().lost()) {
                oldest.remove();
                return;
            }
        }
    }
}
