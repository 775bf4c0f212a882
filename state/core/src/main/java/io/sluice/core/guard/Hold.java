package io.sluice.core.guard;

/**
 * Why a round changed nothing.
 *
 * @param reason the kind of reason
 * @param message one sentence for people
 */
public record Hold(Reason reason, String message) {

    /** The closed list of reasons. */
    public enum Reason {
        /** Too early for gradients to tell groups apart. */
        WARM_UP,
        /** Signals of the round are missing. */
        INCOMPLETE,
        /** A target has too little evidence. */
        THIN_TARGET,
        /** Groups with too little evidence hold over half of the mixture. */
        THIN_GROUPS,
        /** The proposal is the mixture in force. */
        UNCHANGED,
        /** The run observes only. */
        OBSERVING
    }
}
