package io.sluice.ops.page;

/** Where a run stands. */
public enum RunStatus {
    STARTING,
    TRAINING,
    FINISHED,
    FAILED;

    /** Whether nothing more will happen. */
    public boolean ended() {
        return this == FINISHED || this == FAILED;
    }
}
