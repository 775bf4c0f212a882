package io.sluice.ops.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Percentiles of durations. Safe for use by many threads. */
public final class Latencies {

    private final List<Long> nanos = new ArrayList<>();

    /** Takes one duration. */
    public synchronized void add(long durationNanos) {
        nanos.add(durationNanos);
    }

    /** How many were taken. */
    public synchronized int count() {
        return nanos.size();
    }

    /**
     * The smallest duration, in milliseconds, that at least the given share of all do not exceed; 0
     * when there is none.
     *
     * @param share in (0, 1]
     */
    public synchronized double percentileMillis(double share) {
        if (nanos.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        int index = (int) Math.ceil(share * sorted.size()) - 1;
        return sorted.get(Math.max(index, 0)) / 1e6;
    }
}
