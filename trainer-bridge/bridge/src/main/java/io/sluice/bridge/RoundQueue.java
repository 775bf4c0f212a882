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
    private final ArrayDeque<RecordedRound> rounds = new ArrayDeque<>();
    private long waitingBytes;
    private long takenBytes;
    private boolean closed;

    /**
     * @param capacity most rounds with signals, and most rounds without
     */
    RoundQueue(int capacity) {
        this.capacity = capacity;
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
        RecordedRound added = kept ? round : round.giveUp();
        rounds.add(added);
        waitingBytes += added.sketchBytes();
        notifyAll();
        return kept;
    }

    /**
     * The oldest round; empty when the queue is closed and nothing is left. Waits. The round taken
     * before counts as done.
     */
    synchronized Optional<RecordedRound> take() throws InterruptedException {
        takenBytes = 0;
        while (rounds.isEmpty() && !closed) {
            wait();
        }
        return poll();
    }

    /** The oldest round, if there is one. */
    synchronized Optional<RecordedRound> poll() {
        Optional<RecordedRound> oldest = Optional.ofNullable(rounds.poll());
        takenBytes = oldest.map(RecordedRound::sketchBytes).orElse(0L);
        waitingBytes -= takenBytes;
        return oldest;
    }

    /** Rounds that wait. */
    synchronized int size() {
        return rounds.size();
    }

    /** Memory of the sketches of rounds that wait, and of the one taken last. */
    synchronized long sketchBytes() {
        return waitingBytes + takenBytes;
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
