package io.sluice.bridge;

import io.sluice.core.domain.RoundSpec;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Does for a trainer's thread what that need not wait for: renews leases before they end, forgets
 * old plans, and hands ended rounds to whoever sends them.
 *
 * <p>It looks by itself how far the trainer is, about four times a step, and is never woken by it.
 * A thread that is woken may well get the core of the one that woke it, which then waits until all
 * is encoded and sent: on two cores that, and not the call, was most of what a round's end cost.
 */
final class StepFollower implements Runnable {

    private static final long SHORTEST_PAUSE_NANOS = 1_000_000;
    private static final long LONGEST_PAUSE_NANOS = 50_000_000;

    private final Leases leases;
    private final RoundSpec rounds;
    private final Consumer<RecordedRound> sender;
    private final Faults faults;
    private final int capacity;

    private final Queue<RecordedRound> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile long furthest;
    private volatile long underWay;
    private volatile boolean closed;

    /**
     * @param firstStep first step that the trainer takes
     * @param capacity most rounds that wait here
     * @param sender takes an ended round; does not wait
     */
    StepFollower(
            Leases leases,
            RoundSpec rounds,
            long firstStep,
            int capacity,
            Consumer<RecordedRound> sender,
            Faults faults) {
        this.leases = leases;
        this.rounds = rounds;
        this.furthest = firstStep;
        this.underWay = firstStep;
        this.capacity = capacity;
        this.sender = sender;
        this.faults = faults;
    }

    /** Notes a step that the trainer has asked for. For its thread alone. */
    void asked(long step) {
        if (step > furthest) {
            furthest = step;
        }
    }

    /** Notes which step the trainer takes now. For its thread alone. */
    void takes(long step) {
        underWay = step;
    }

    /** Takes an ended round. Wakes nobody; should too many wait, the caller hands them over. */
    void ended(RecordedRound round) {
        ended.add(round);
        if (waiting.incrementAndGet() > capacity || closed) {
            handOver();
        }
    }

    @Override
    public void run() {
        long pause = SHORTEST_PAUSE_NANOS;
        long seen = furthest;
        while (!closed) {
            long step = furthest;
            follow(step);
            pause =
                    step == seen
                            ? Math.min(LONGEST_PAUSE_NANOS, pause + pause / 4)
                            : Math.max(SHORTEST_PAUSE_NANOS, pause / 2);
            seen = step;
            LockSupport.parkNanos(this, pause);
        }
    }

    /** Takes no step any more; hands over what is left. */
    void close() {
        closed = true;
        handOver();
    }

    private void follow(long step) {
        try {
            leases.renew(step);
            handOver();
            // A checkpoint may be asked for a little later than its step, but not a round later.
            leases.forgetBefore(underWay - 1 - rounds.steps());
        } catch (RuntimeException | Error e) {
            faults.report(Faults.Place.STEPS, e);
        }
    }

    /** Hands over what waits; one caller at a time, so that rounds stay in order. */
    synchronized void handOver() {
        for (RecordedRound round = ended.poll(); round != null; round = ended.poll()) {
            waiting.decrementAndGet();
            sender.accept(round);
        }
    }
}
