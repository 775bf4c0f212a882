package io.sluice.bridge;

import java.util.concurrent.TimeUnit;

/** One of a bridge's own threads. It never keeps a process alive. */
final class Worker {

    private final Thread thread;

    private Worker(Thread thread) {
        this.thread = thread;
    }

    static Worker start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return new Worker(thread);
    }

    /**
     * Waits for the work to end by itself, until a moment of {@link System#nanoTime()}; at once
     * when the caller is interrupted, which it then still is.
     */
    void await(long deadlineNanos) {
        try {
            TimeUnit.NANOSECONDS.timedJoin(thread, deadlineNanos - System.nanoTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the work to end where it stands. */
    void interrupt() {
        thread.interrupt();
    }
}
