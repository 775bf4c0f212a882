package io.sluice.core.simulation;

/** What goes wrong in a simulation. */
enum Fault {
    /** A record never reaches the log, and its sender is told so. */
    LOST_RECORD,
    /** A record reaches the log, perhaps much later, and its sender is told that it did not. */
    LOST_ANSWER,
    /** A record stands in the log twice. */
    REPEATED_RECORD,
    /** Nothing passes between a bridge and the log for a while. */
    CUT_OFF,
    /** A bridge seals steps, and the trainer does not hear of it. */
    LOST_LEASE,
    /** A bridge dies; its trainer lives and starts an attempt with the next bridge. */
    BRIDGE_CRASH,
    /** A trainer dies with its bridge, and comes back from one of its checkpoints. */
    TRAINER_CRASH,
    /** A trainer that was thought dead goes on beside its successor. */
    TWO_TRAINERS,
    /** The run is declared anew, and the next attempt obeys the new declaration. */
    REDECLARED,
    /** The job dies and is restored from its last checkpoint. */
    JOB_CRASH,
    /** A job that was thought dead goes on beside its successor. */
    TWO_JOBS,
    /** The job is restored from an older checkpoint than its last. */
    OLD_CHECKPOINT,
    /** The job is started with nothing and reads the whole log again. */
    LOST_STATE,
    /** The job's clock jumps, forwards or backwards. */
    CLOCK_JUMP,
    /** Somebody sends a signal that breaks a rule. */
    BAD_SIGNAL,
    /** Somebody publishes a plan that breaks a rule. */
    BAD_PLAN,
    /** An operator gives a command, sensible or not. */
    OPERATOR,
    /** The catalog that the run follows says something, and jobs hear of it late. */
    CATALOG;

    /** Whether it may strike with every record that is sent or read. */
    boolean isOfRecords() {
        return this == LOST_RECORD
                || this == LOST_ANSWER
                || this == REPEATED_RECORD
                || this == CUT_OFF
                || this == CLOCK_JUMP
                || this == BAD_SIGNAL;
    }
}
