package io.sluice.core.round;

import io.sluice.core.signal.RoundClosed;
import io.sluice.core.statistics.GradientStatistics;
import java.util.List;
import java.util.Optional;

/**
 * What one shard made of one round: scalars only.
 *
 * @param runId the run
 * @param specDigest digest of the run spec
 * @param attempt the attempt
 * @param firstRound equals {@code round}, unless rounds were given up together
 * @param round the round
 * @param shard index of the shard
 * @param throughStep last step of the round
 * @param status whether every acknowledged signal is in it
 * @param reporters the reporters whose signals are in a partial round, sorted; empty in others
 * @param groups the shard's groups that were measured, by increasing index
 * @param targets the targets that were measured, by increasing index; the same from every shard
 * @param evaluations held-out losses of the targets
 * @param learningRate learning rate at the round's end
 * @param counts running totals of this shard over the attempt, through this round
 */
public record ShardRound(
        String runId,
        String specDigest,
        long attempt,
        long firstRound,
        long round,
        int shard,
        long throughStep,
        Status status,
        List<String> reporters,
        List<GroupRound> groups,
        List<TargetRound> targets,
        List<RoundClosed.Evaluation> evaluations,
        double learningRate,
        Counts counts) {

    /** Whether a round can be decided on. */
    public enum Status {
        /** Every acknowledged signal is in. */
        COMPLETE,
        /** Given up, because a later round closed first. */
        INCOMPLETE,
        /** Given up likewise, and made of the reporters whose acknowledged signals are all in. */
        PARTIAL
    }

    /** A round of all reporters, or of none. */
    public ShardRound(
            String runId,
            String specDigest,
            long attempt,
            long firstRound,
            long round,
            int shard,
            long throughStep,
            Status status,
            List<GroupRound> groups,
            List<TargetRound> targets,
            List<RoundClosed.Evaluation> evaluations,
            double learningRate,
            Counts counts) {
        this(
                runId,
                specDigest,
                attempt,
                firstRound,
                round,
                shard,
                throughStep,
                status,
                List.of(),
                groups,
                targets,
                evaluations,
                learningRate,
                counts);
    }

    /** The same as what these reporters alone make of the round. */
    public ShardRound partial(List<String> present) {
        return new ShardRound(
                runId,
                specDigest,
                attempt,
                firstRound,
                round,
                shard,
                throughStep,
                Status.PARTIAL,
                present,
                groups,
                targets,
                evaluations,
                learningRate,
                counts);
    }

    /** The same with other totals. */
    public ShardRound with(Counts totals) {
        return new ShardRound(
                runId,
                specDigest,
                attempt,
                firstRound,
                round,
                shard,
                throughStep,
                status,
                reporters,
                groups,
                targets,
                evaluations,
                learningRate,
                totals);
    }

    /**
     * One group in one round.
     *
     * @param index index in the run spec
     * @param tokens tokens drawn
     * @param sequences sequences drawn
     * @param lossSum sum of the loss over the tokens, in nats
     * @param lossSquareSum sum of the squared loss over the tokens
     * @param gradient gradient statistics; absent when a half is missing or no sketch came
     */
    public record GroupRound(
            int index,
            long tokens,
            long sequences,
            double lossSum,
            double lossSquareSum,
            Optional<GroupGradient> gradient) {

        /** Mean loss per token, in nats. */
        public double meanLoss() {
            return lossSum / tokens;
        }
    }

    /**
     * Gradient statistics of a group.
     *
     * @param squaredNorm squared norm of the per-token mean, pooled and unbiased
     * @param alignment inner product with each target's per-token mean, by target index, 0 where
     *     the target has no gradient
     * @param variance sampling variance of each alignment; infinite where the target has no
     *     gradient
     * @param influence present where the run's policy asks for it ({@link
     *     io.sluice.core.domain.SketchWork})
     * @param products inner product with each group of a lower index, 0 where one has no gradient;
     *     present where the run's policy asks for it
     */
    public record GroupGradient(
            GradientStatistics.SquaredNorm squaredNorm,
            double[] alignment,
            double[] variance,
            Optional<Influence> influence,
            Optional<double[]> products) {

        /** Alignments alone. */
        public GroupGradient(
                GradientStatistics.SquaredNorm squaredNorm, double[] alignment, double[] variance) {
            this(squaredNorm, alignment, variance, Optional.empty(), Optional.empty());
        }
    }

    /**
     * A group's influence on each target under the Fisher information.
     *
     * @param cosine by target index, in [-1, 1] but for noise; 0 where the target has no gradient
     * @param variance sampling variance of each cosine; infinite where the target has no gradient
     */
    public record Influence(double[] cosine, double[] variance) {}

    /**
     * One target in one round.
     *
     * @param index index in the run spec
     * @param tokens tokens measured
     * @param sequences sequences measured
     * @param lossSum sum of the loss over the tokens, in nats
     * @param gradient squared norms; absent when a half is missing or no sketch came
     */
    public record TargetRound(
            int index,
            long tokens,
            long sequences,
            double lossSum,
            Optional<GradientStatistics.SquaredNorm> gradient) {

        /** Mean loss per token, in nats. */
        public double meanLoss() {
            return lossSum / tokens;
        }
    }

    /**
     * Running totals of signals.
     *
     * @param accepted counted once each
     * @param duplicates repeated identities, without effect
     * @param late arrived after their round was decided, listed as rejects
     */
    public record Counts(long accepted, long duplicates, long late) {

        /** Nothing yet. */
        public static final Counts ZERO = new Counts(0, 0, 0);

        /** The sum of both. */
        public Counts plus(Counts other) {
            return new Counts(
                    accepted + other.accepted, duplicates + other.duplicates, late + other.late);
        }

        Counts withAccepted(long value) {
            return new Counts(value, duplicates, late);
        }
    }

    public ShardRound {
        reporters = List.copyOf(reporters);
        groups = List.copyOf(groups);
        targets = List.copyOf(targets);
        evaluations = List.copyOf(evaluations);
    }
}
