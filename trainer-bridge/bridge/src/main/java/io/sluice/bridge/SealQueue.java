package io.sluice.bridge;

import io.sluice.core.sequence.Seal;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Seals on their way to the log. Those of adjacent steps and one plan become one while they wait,
 * so that a log that is away for hours costs one entry per change of plan. Adding never waits.
 * Thread-safe.
 */
final class SealQueue {

    private final ArrayDeque<Seal> seals = new ArrayDeque<>();
    private boolean closed;

    /** Adds a seal that follows the one added before it. */
    synchronized void add(Seal seal) {
        Seal last = seals.peekLast();
        if (last != null && seal.plan().equals(last.plan())) {
            seals.removeLast();
            seals.add(through(last, seal.throughStep()));
        } else {
            seals.add(seal);
        }
        notifyAll();
    }

    /** The oldest seal; empty when the queue is closed and nothing is left. Waits. */
    synchronized Optional<Seal> take() throws InterruptedException {
        while (seals.isEmpty() && !closed) {
            wait();
        }
        return Optional.ofNullable(seals.poll());
    }

    /** Ends the queue; what it holds can still be taken. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private static Seal through(Seal seal, long throughStep) {
        return new Seal(
                seal.runId(),
                seal.attempt(),
                seal.specDigest(),
                seal.fromStep(),
                throughStep,
                seal.plan(),
                seal.changesPlan());
    }
}
