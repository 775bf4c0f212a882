package io.sluice.bridge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** The threads beside one attempt: some follow the log, one sends rounds, one sends seals. */
final class AttemptThreads implements AutoCloseable {

    /** What a thread gets to end once it was told to, beyond the close timeout. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private final Future<Long> number;
    private final CountDownLatch end;
    private final RoundQueue rounds;
    private final SealQueue seals;
    private final Duration closeTimeout;
    private final List<Worker> following;
    private final Worker sendingRounds;
    private final Worker sendingSeals;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean stopped;

    /**
     * Starts the threads.
     *
     * @param number the attempt's number, once the log has given it
     * @param end ends every wait between tries when it is counted down
     * @param feeds what follows the log until the end
     */
    AttemptThreads(
            Surroundings around,
            Future<Long> number,
            CountDownLatch end,
            List<Runnable> feeds,
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
        this.following =
                feeds.stream().map(feed -> Worker.start("sluice-feed-" + runId, feed)).toList();
        this.sendingRounds = Worker.start("sluice-rounds-" + runId, roundSender);
        this.sendingSeals = Worker.start("sluice-seals-" + runId, sealSender);
    }

    /** Whether the log has given the attempt its number. */
    boolean numbered() {
        return number.isDone();
    }

    /** Whether the attempt takes nothing any more. */
    boolean isStopped() {
        return stopped;
    }

    /** Takes nothing any more. Does not wait; what is on its way is still sent. */
    void stop() {
        stopped = true;
        rounds.close();
        seals.close();
    }

    /** Sends what is on its way within the close timeout, then ends the threads. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long deadline = System.nanoTime() + closeTimeout.toNanos();
        stop();
        sendingRounds.await(deadline);
        sendingSeals.await(deadline);
        end.countDown();
        long grace = System.nanoTime() + GRACE.toNanos();
        following.forEach(feed -> feed.await(grace));
        List<Worker> workers = new ArrayList<>(following);
        workers.addAll(List.of(sendingRounds, sendingSeals));
        workers.forEach(Worker::interrupt);
        long last = System.nanoTime() + GRACE.toNanos();
        workers.forEach(worker -> worker.await(last));
    }
}
