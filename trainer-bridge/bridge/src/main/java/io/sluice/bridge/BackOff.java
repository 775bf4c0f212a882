package io.sluice.bridge;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits after failures, longer after each one in a row. For one thread. */
final class BackOff {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final CountDownLatch end;
    private Duration next = SHORTEST;

    /**
     * @param end ends every wait when it is counted down
     */
    BackOff(CountDownLatch end) {
        this.end = end;
    }

    /**
     * Waits after a failure.
     *
     * @return whether to try again
     */
    boolean pause() throws InterruptedException {
        boolean ended = end.await(next.toMillis(), TimeUnit.MILLISECONDS);
        Duration twice = next.multipliedBy(2);
        next = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
        return !ended;
    }

    /** Notes that something worked: the next wait is the shortest again. */
    void reset() {
        next = SHORTEST;
    }
}
