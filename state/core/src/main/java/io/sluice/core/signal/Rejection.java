package io.sluice.core.signal;

/** Why a record was turned away. */
public record Rejection(Reason reason, String message) {

    /** The closed list of reasons, also a metric label. */
    public enum Reason {
        /** Larger than a message may be. */
        TOO_LARGE,
        /** Not a record of the contract. */
        UNDECODABLE,
        /** A record of a kind that does not belong on its topic. */
        WRONG_TOPIC,
        /** A declaration that breaks a rule. */
        INVALID_SPEC,
        /** No declaration or attempt for it came in time. */
        UNKNOWN_RUN,
        /** A group or target that the run does not have. */
        UNKNOWN_SUBJECT,
        /** A reporter that the attempt does not have. */
        UNKNOWN_REPORTER,
        /** Of an older attempt. */
        FENCED,
        /** NaN or infinite. */
        NOT_FINITE,
        /** A count or sum that cannot be. */
        OUT_OF_RANGE,
        /** Steps that do not belong to the round. */
        WRONG_STEPS,
        /** A sketch of another size than the run's. */
        WRONG_SKETCH,
        /** Its round was already decided. */
        LATE,
        /** Its round lies further ahead than rounds may be open. */
        TOO_EARLY,
        /** An operator's command that the run cannot obey. */
        INVALID_COMMAND,
        /** Of a run that has ended. */
        RUN_ENDED,
        /** The job was told to leave it out. */
        SKIPPED
    }
}
