package io.sluice.bridge;

import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.Seal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Seals on their way to the log, and between them the news of saved checkpoints, of fallbacks and
 * of the run's end. Seals of adjacent steps and one plan become one while they wait, and of
 * checkpoints the newest are kept, so that a log that is away for hours costs one entry per change
 * of plan. Adding neither waits nor wakes whoever takes: a trainer waits for the answer of the
 * thread that adds, and a thread that is woken may well get its core. Thread-safe.
 */
final class SealQueue {

    /** Checkpoints that wait; more than the controller keeps snapshots for would be no use. */
    static final int CHECKPOINTS = 8;

    private static final long PAUSE_MILLIS = 20;

    /** What waits. */
    sealed interface Entry {}

    /** Steps were sealed. */
    record Sealed(Seal seal) implements Entry {}

    /** A checkpoint was saved from which training resumes at {@code nextStep}. */
    record Saved(long nextStep) implements Entry {}

    /** The run is finished; {@code nextStep} is the first step that is not taken. */
    record Ended(long nextStep) implements Entry {}

    /** The bridge moved towards the prior by a plan of its own. */
    record FellBack(Plan plan) implements Entry {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private boolean closed;

    /** Adds a seal that follows the one added before it. */
    synchronized void add(Seal seal) {
        if (entries.peekLast() instanceof Sealed last && seal.plan().equals(last.seal().plan())) {
            entries.removeLast();
            entries.add(new Sealed(through(last.seal(), seal.throughStep())));
        } else {
            entries.add(new Sealed(seal));
        }
    }

    /** Adds the news that the run is finished. */
    synchronized void add(Ended ended) {
        entries.add(ended);
    }

    /** Adds the news of a fallback. */
    synchronized void add(FellBack fallback) {
        entries.add(fallback);
    }

    /** Adds the news of a saved checkpoint. */
    synchronized void add(Saved saved) {
        entries.add(saved);
        List<Entry> checkpoints = entries.stream().filter(Saved.class::isInstance).toList();
        if (checkpoints.size() > CHECKPOINTS) {
            forget(checkpoints.get(0));
        }
    }

    /** Takes an entry out; seals that it kept apart become one. */
    private void forget(Entry superfluous) {
        List<Entry> rest = new ArrayList<>(entries);
        rest.remove(superfluous);
        entries.clear();
        for (Entry entry : rest) {
            if (entry instanceof Sealed sealed) {
                add(sealed.seal());
            } else {
                entries.add(entry);
            }
        }
    }

    /**
     * The oldest entry; empty when the queue is closed and nothing is left. Looks every so often.
     */
    synchronized Optional<Entry> take() throws InterruptedException {
        while (entries.isEmpty() && !closed) {
            wait(PAUSE_MILLIS);
        }
        return Optional.ofNullable(entries.poll());
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
