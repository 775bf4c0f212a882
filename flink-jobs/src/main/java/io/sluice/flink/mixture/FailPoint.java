package io.sluice.flink.mixture;

/**
 * Fails a stage on what a test has marked, so that it sees what a bug in the job would do. Off
 * unless the TaskManager's own JVM was started with the stage's system property: no record and no
 * setting of the job switches it on.
 */
public final class FailPoint {

    /** Fails intake on the records of one key, {@code -Dsluice.test.fail-on-key=KEY}. */
    public static final String INTAKE = "sluice.test.fail-on-key";

    /** Fails rounds on what comes of one record, {@code TOPIC:PARTITION:OFFSET}. */
    public static final String ROUNDS = "sluice.test.fail-rounds-at";

    /** Fails decision on what comes of one record, {@code TOPIC:PARTITION:OFFSET}. */
    public static final String DECISION = "sluice.test.fail-decision-at";

    private final String marked;

    private FailPoint(String property) {
        marked = System.getProperty(property, "");
    }

    /** The first stage's, which {@link #INTAKE} switches on. */
    public static FailPoint intake() {
        return new FailPoint(INTAKE);
    }

    /** The second stage's, which {@link #ROUNDS} switches on. */
    public static FailPoint rounds() {
        return new FailPoint(ROUNDS);
    }

    /** The third stage's, which {@link #DECISION} switches on. */
    public static FailPoint decision() {
        return new FailPoint(DECISION);
    }

    /** Returns, or fails as a bug would, where a record of this key comes. */
    public void pass(String key) {
        if (!marked.isEmpty() && key.equals(marked)) {
            fail();
        }
    }

    /** Returns, or fails as a bug would, where this event comes. */
    public void pass(StageEvent event) {
        if (!marked.isEmpty()
                && event.origin().map(StageEvent.Origin::position).orElse("").equals(marked)) {
            fail();
        }
    }

    private static void fail() {
        throw new IllegalStateException("a test asked for this failure");
    }
}
