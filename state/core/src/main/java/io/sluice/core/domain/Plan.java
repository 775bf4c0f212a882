package io.sluice.core.domain;

/**
 * A published mixture.
 *
 * @param runId the run
 * @param attempt the attempt it was made for
 * @param epoch the controller that made it: the offset of that controller's claim
 * @param specDigest digest of the run spec it obeys
 * @param round the round it was decided on; -1 for a plan that no round led to
 * @param version strictly increasing within an attempt; 0 is the prior
 * @param replaces digest of the plan it follows; empty for version 0
 * @param effectiveStep first step from which it may hold
 * @param mixture the weights
 * @param label why it looks as it does
 * @param digest digest of this plan
 */
public record Plan(
        String runId,
        long attempt,
        long epoch,
        String specDigest,
        long round,
        long version,
        String replaces,
        long effectiveStep,
        Mixture mixture,
        Label label,
        String digest) {

    /** Why a plan looks as it does. */
    public enum Label {
        /** The declared prior, before any decision. */
        PRIOR,
        /** The policy's proposal within the largest change. */
        POLICY,
        /** The box alone exceeded the largest change, so the box was obeyed. */
        BOX,
        /** The supply of a group forced more change than the largest allowed. */
        CAP,
        /** A return to the prior, because the policy's mixture had fallen behind it. */
        GOVERNOR,
        /** More of one group for a few rounds, to measure what it does. */
        PROBE,
        /** The bridge's own return to the prior, after no plan had come for long. */
        FALLBACK,
        /** An operator returned to an earlier mixture. */
        ROLLBACK,
        /** Groups are excluded by an operator, or return from that. */
        EXCLUSION,
        /** Groups keep the shares that an operator gave them. */
        PIN,
        /** Floors or caps are an operator's, not the declared ones. */
        BOUNDS,
        /** Groups came into the mixture, or are out of it that were declared to be in. */
        GROUPS;

        /**
         * Whether the word of an operator, or of the run's catalog, decided the weights, which then
         * need not obey the bounds that the run declared.
         */
        public boolean isOperators() {
            return this == ROLLBACK
                    || this == EXCLUSION
                    || this == PIN
                    || this == BOUNDS
                    || this == GROUPS;
        }
    }

    /** The same plan with its digest filled in. */
    public Plan withDigest(String value) {
        return new Plan(
                runId,
                attempt,
                epoch,
                specDigest,
                round,
                version,
                replaces,
                effectiveStep,
                mixture,
                label,
                value);
    }
}
