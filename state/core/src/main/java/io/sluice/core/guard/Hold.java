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
        OBSERVING,
        /** The change is too small to publish. */
        DEAD_BAND,
        /** The last plan is too recent. */
        COOL_DOWN,
        /** The policy's mixture had fallen behind the prior, which holds for a while. */
        GOVERNOR,
        /** An operator froze the mixture. */
        FROZEN,
        /** Losses that the policy needs have not come. */
        MISSING_LOSSES
    }
}
