package io.sluice.bridge;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** The threads beside one attempt: one follows plans, one sends rounds, one sends seals. */
final class AttemptThreads implements AutoCloseable {

    /** What a thread gets to end once it was told to, beyond the close timeout. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Future<Long> number;
    private final CountDownLatch end;
    private final RoundQueue rounds;
    private final SealQueue seals;
    private final Duration closeTimeout;
    private final Worker following;
    private final Worker sendingRounds;
    private final Worker sendingSeals;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Starts the threads.
     *
     * @param number the attempt's number, once the log has given it
     * @param end ends every wait between tries when it is counted down
     */
    AttemptThreads(
            Surroundings around,
            Future<Long> number,
            CountDownLatch end,
            PlanFeed feed,
            RoundQueue rounds,
            TelemetrySender roundSender,
            SealQueue seals,
            SealSender sealSender) {
        this.number = number;
        this.end = end;
        this.rounds = rounds;
        this.seals = seals;
        this.closeTimeout = around.options().closeTimeout();
        String runId = around.spec().runId();
        this.following = Worker.start("sluice-plans-" + runId, feed);
        this.sendingRounds = Worker.start("sluice-rounds-" + runId, roundSender);
        this.sendingSeals = Worker.start("sluice-seals-" + runId, sealSender);
    }

    /** Whether the log has given the attempt its number. */
    boolean numbered() {
        return number.isDone();
    }

    /** Whether the threads were told to end. */
    boolean isClosed() {
        return closed.get();
    }

    /** Sends what is on its way within the close timeout, then ends the threads. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long deadline = System.nanoTime() + closeTimeout.toNanos();
        rounds.close();
        seals.close();
        sendingRounds.await(deadline);
        sendingSeals.await(deadline);
        end.countDown();
        List<Worker> workers = List.of(following, sendingRounds, sendingSeals);
        following.await(System.nanoTime() + GRACE.toNanos());
        workers.forEach(Worker::interrupt);
        long last = System.nanoTime() + GRACE.toNanos();
        workers.forEach(worker -> worker.await(last));
    }
}
