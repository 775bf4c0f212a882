package io.sluice.bridge.daemon;

import io.sluice.bridge.RelaySession;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Closes ended attempts, each of which may wait for the log, on threads of its own. */
final class Closer implements AutoCloseable {

    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    work -> {
                        Thread worker = new Thread(work, "sluice-closer");
                        worker.setDaemon(true);
                        return worker;
                    });

    /** Closes an attempt some time, and then says so. */
    void close(RelaySession relay, Runnable closed) {
        threads.execute(
                () -> {
                    try {
                        relay.close();
                    } finally {
                        closed.run();
                    }
                });
    }

    /** Waits for what is to be closed, which takes little more than one close timeout. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
