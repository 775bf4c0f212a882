package io.sluice.ops.page;

import java.util.Objects;

/**
 * The outcome of one round, as the page explains it. Arrays run over the groups of the run; one
 * that is not known is empty, a value that is not known is NaN.
 *
 * @param round number of the round
 * @param step last step of the round
 * @param policy name of the policy that proposed
 * @param outcome whether the mixture changed
 * @param reason why it was held, or the label of the plan; one word, may be empty
 * @param message one sentence for people, may be empty
 * @param version version of the plan decided, or of the one that stays in force
 * @param effectiveStep step from which that plan may hold
 * @param kl divergence of the decided mixture from the one in force, in nats
 * @param fraction share of the proposed step that the largest-change guard allowed, in [0, 1]
 * @param boundGroups groups that lie at their floor or cap
 * @param predictedGain expected change of the weighted score
 * @param predictedGainError one standard error of it
 * @param base weights in force before
 * @param proposed weights that the policy proposed
 * @param decided weights after the guards
 * @param scores the policy's scores; positive asks for more of a group
 */
public record RoundDecision(
        long round,
        long step,
        String policy,
        Outcome outcome,
        String reason,
        String message,
        long version,
        long effectiveStep,
        double kl,
        double fraction,
        int boundGroups,
        double predictedGain,
        double predictedGainError,
        double[] base,
        double[] proposed,
        double[] decided,
        double[] scores) {

    /** What became of the mixture. */
    public enum Outcome {
        CHANGED,
        HELD
    }

    private static final double[] UNKNOWN = {};

    public RoundDecision {
        Objects.requireNonNull(outcome, "outcome");
        base = base.clone();
        proposed = proposed.clone();
        decided = decided.clone();
        scores = scores.clone();
    }

    /** A round that left plan {@code version} in force before any policy was asked. */
    public static RoundDecision held(
            long round, long step, String policy, String reason, String message, long version) {
        return new RoundDecision(
                round,
                step,
                policy,
                Outcome.HELD,
                reason,
                message,
                version,
                0,
                Double.NaN,
                Double.NaN,
                0,
                Double.NaN,
                Double.NaN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN);
    }
}
