package io.sluice.core.policy;

/**
 * What a {@link ProposalModel} is told of a group, in this order. New features are added at the
 * end, so that a model made for the first few goes on working.
 */
public enum GroupFeature {
    /** Logarithm of its share in the mixture in force. */
    LOG_SHARE,
    /** Logarithm of its share in the prior. */
    LOG_PRIOR,
    /** Share of the round's tokens that were really drawn from it. */
    DRAWN_SHARE,
    /** Mean training loss of the round in nats per token; the last known one, or 0. */
    LOSS,
    /** That loss less the one before it; 0 where either is not known. */
    LOSS_CHANGE,
    /** Worth of its next token over that of a fresh one, in (0, 1]. */
    WORTH,
    /** Averaged cosine with the targets, by the targets' weights; 0 where not measured. */
    ALIGNMENT,
    /** One standard error of it; 0 where not measured. */
    ALIGNMENT_ERROR,
    /** Held-out loss of the targets by their weights, the same for all groups; or 0. */
    TARGET_LOSS,
    /** That loss less the one before it; 0 where either is not known. */
    TARGET_LOSS_CHANGE
}
