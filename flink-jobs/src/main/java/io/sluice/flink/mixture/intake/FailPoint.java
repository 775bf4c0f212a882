package io.sluice.flink.mixture.intake;

import io.sluice.flink.kafka.RawRecord;

/**
 * Fails on the records of one key, so that tests see what a bug in the job would do. Off unless the
 * TaskManager's own JVM was started with {@code -Dsluice.test.fail-on-key=KEY}: no record and no
 * setting of the job switches it on.
 */
final class FailPoint {

    /** The system property that switches it on. */
    static final String PROPERTY = "sluice.test.fail-on-key";

    private final String key = System.getProperty(PROPERTY, "");

    /** Returns, or fails as a bug would. */
    void pass(RawRecord raw) {
        if (!key.isEmpty() && raw.key().equals(key)) {
            throw new IllegalStateException("a test asked for this failure");
        }
    }
}
