package io.sluice.flink.mixture;

import org.apache.flink.runtime.execution.CancelTaskException;

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

    /** What to throw in place of a failure: itself where it only says that the task is over. */
    public static RuntimeException unlessCancelled(String position, RuntimeException failure) {
        return failure instanceof CancelTaskException
                ? failure
                : new RecordFailedException(position, failure);
    }
}
