package io.sluice.bridge;

import io.sluice.core.domain.Subject;

/**
 * One micro-batch of a group, or one batch of a target's rows.
 *
 * @param subject the group or target
 * @param tokens tokens predicted, at least 1
 * @param sequences independent rows, at least 1
 * @param lossSum sum over the tokens of the loss, in nats
 * @param lossSquareSum sum over the tokens of the squared loss
 * @param sketch sketch (spec v1) of the gradient of {@code lossSum}, that is of the sum over the
 *     tokens; empty where no gradient was taken. The array is not kept.
 * @param probe whether a group's batch was taken for its gradient only, and not trained on. Its
 *     tokens count as drawn only where the group was not drawn at all
 */
public record Observation(
        Subject subject,
        long tokens,
        long sequences,
        double lossSum,
        double lossSquareSum,
        float[] sketch,
        boolean probe) {

    /** What was trained on, or rows of a target. */
    public Observation(
            Subject subject,
            long tokens,
            long sequences,
            double lossSum,
            double lossSquareSum,
            float[] sketch) {
        this(subject, tokens, sequences, lossSum, lossSquareSum, sketch, false);
    }
}
