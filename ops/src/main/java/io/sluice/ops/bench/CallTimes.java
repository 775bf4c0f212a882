package io.sluice.ops.bench;

import java.util.Arrays;

/** How long calls took. For one thread. */
final class CallTimes {

    private static final double NANOS_PER_MICRO = 1e3;

    private final long[] nanos;
    private int count;

    /**
     * @param most how many can be taken
     */
    CallTimes(int most) {
        this.nanos = new long[most];
    }

    /** Takes one duration. */
    void add(long durationNanos) {
        nanos[count++] = durationNanos;
    }

    /**
     * The smallest duration, in microseconds, that at least the given share of all do not exceed.
     *
     * @param share in (0, 1]
     * @throws IllegalStateException when none was taken
     */
    double percentileMicros(double share) {
        requireSome();
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)] / NANOS_PER_MICRO;
    }

    /**
     * The mean duration, in microseconds.
     *
     * @throws IllegalStateException when none was taken
     */
    double meanMicros() {
        requireSome();
        return Arrays.stream(nanos, 0, count).sum() / (count * NANOS_PER_MICRO);
    }

    private void requireSome() {
        if (count == 0) {
            throw new IllegalStateException("no call was timed");
        }
    }
}
