package io.sluice.djl;

import io.sluice.bridge.pool.DrawnDocument;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.TargetId;
import java.util.Map;

/** Hears how training goes, on the trainer's thread: be quick. */
public interface TrainingListener {

    /**
     * A step was taken.
     *
     * @param step the step, from 0
     * @param planVersion version of the plan it drew by
     * @param tokens tokens trained on so far, this step's included
     * @param meanLoss mean loss of the step's tokens, in nats
     * @param groupLosses mean loss of each group that the step drew, in nats per token
     * @param groupTokens tokens that the step drew of each group
     * @param gradientNorm norm of the gradient of {@code meanLoss}, before clipping
     * @param learningRate learning rate of the step
     */
    record StepReport(
            long step,
            long planVersion,
            long tokens,
            double meanLoss,
            Map<GroupId, Double> groupLosses,
            Map<GroupId, Long> groupTokens,
            double gradientNorm,
            double learningRate) {}

    /**
     * A target's loss was measured on its fixed test rows.
     *
     * @param step the step just taken
     * @param tokens tokens trained on so far
     * @param target the target
     * @param meanLoss nats per token
     */
    record Evaluation(long step, long tokens, TargetId target, double meanLoss) {}

    /** A step was taken. */
    default void onStep(StepReport report) {}

    /** A target's loss was measured. */
    default void onEvaluation(Evaluation evaluation) {}

    /**
     * A group's text was used up and begins again.
     *
     * @param epoch passes begun before this one: 1 for the first wrap
     */
    default void onWrap(GroupId group, long epoch) {}

    /**
     * A document of a pool is begun.
     *
     * @param drawn the draw, with its document
     */
    default void onDocument(GroupId group, DrawnDocument drawn) {}

    /** A draw of a pool's group had no document; the step is that much smaller. */
    default void onNothing(GroupId group) {}
}
