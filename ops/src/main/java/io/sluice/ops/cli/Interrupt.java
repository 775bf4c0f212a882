package io.sluice.ops.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Gives work the time to end in order when a person presses Ctrl-C. */
final class Interrupt implements AutoCloseable {

    private static final long SECONDS = 60;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Thread hook;

    private Interrupt(Runnable stop) {
        this.hook =
                new Thread(
                        () -> {
                            stop.run();
                            await();
                        },
                        "sluice-interrupt");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Calls {@code stop} on Ctrl-C, and holds the end of the process back until this is closed. */
    static Interrupt stops(Runnable stop) {
        return new Interrupt(stop);
    }

    @Override
    public void close() {
        finished.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending: the hook is why we are here.
        }
    }

    private void await() {
        try {
            finished.await(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
