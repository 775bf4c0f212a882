package io.sluice.flink.mixture;

import org.apache.flink.runtime.execution.CancelTaskException;
import org.apache.flink.streaming.runtime.tasks.ExceptionInChainedOperatorException;

/**
 * A stage failed on a record. The job starts again and, if the record is the reason, fails again;
 * so the message says where it stands and how to leave it out.
 */
public final class RecordFailedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private RecordFailedException(String position, RuntimeException cause) {
        super(
                "the record at "
                        + position
                        + " made the job fail; if it does so again, report it as a bug, and start the"
                        + " job from its newest checkpoint with --skip "
                        + position,
                cause);
    }

    /**
     * What to throw in place of a stage's failure on a record. The failure itself where it names
     * its record already, where it only says that the task is over, and where a stage behind
     * failed, as a sink does whose brokers are away.
     *
     * @param position where the record stands, as {@code TOPIC:PARTITION:OFFSET}
     */
    public static RuntimeException of(String position, RuntimeException failure) {
        return failure instanceof RecordFailedException
                        || failure instanceof CancelTaskException
                        || failure instanceof ExceptionInChainedOperatorException
                ? failure
                : new RecordFailedException(position, failure);
    }

    /** The same for what came of a record; the failure itself where no record brought it. */
    public static RuntimeException of(StageEvent event, RuntimeException failure) {
        return event.origin().map(origin -> of(origin.position(), failure)).orElse(failure);
    }
}
