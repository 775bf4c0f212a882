package io.sluice.djl;

import io.sluice.core.domain.SketchSpec;
import java.util.Optional;

/**
 * How a {@link DjlTrainer} trains.
 *
 * @param model sizes of the model
 * @param seed seed of the initial weights and of the order of rows
 * @param rows how many rows a batch has, and how often losses are measured
 * @param learningRate learning rate by step
 * @param optimizer constants of the optimiser
 * @param sketch the run's gradient sketch; empty to report losses only, which saves the passes that
 *     measure gradients
 * @param preconditioned whether gradients are measured under Adam's preconditioner, half on each
 *     side; plain inner products are noisier once the model has learnt the easy things
 * @param averaging decay in [0, 1) of the exponential moving average of the weights whose losses
 *     are measured; 0 measures the weights themselves, whose loss wobbles more. A trainer that
 *     resumes begins a new average
 * @param compute what to run on
 */
public record TrainerOptions(
        ModelConfig model,
        long seed,
        Rows rows,
        LearningRate learningRate,
        AdamWConfig optimizer,
        Optional<SketchSpec> sketch,
        boolean preconditioned,
        double averaging,
        Compute compute) {

    public TrainerOptions {
        if (!(averaging >= 0 && averaging < 1)) {
            throw new IllegalArgumentException("averaging " + averaging + " is not in [0, 1)");
        }
    }

    /**
     * Sizes of batches, in rows.
     *
     * @param perDraw rows of a micro-batch; fewer take more time for the same tokens, more let a
     *     step draw fewer groups
     * @param perGroupBatch rows of each of the two batches by which a group's gradient is measured
     *     once a round; too few make alignments noisy
     * @param perTargetBatch the same of a target's dev text
     * @param perEvaluation test rows of each target that losses are measured on, always the same
     * @param evaluationEvery steps from one measurement to the next; too few cost time
     */
    public record Rows(
            int perDraw,
            int perGroupBatch,
            int perTargetBatch,
            int perEvaluation,
            int evaluationEvery) {

        public Rows {
            requirePositive("perDraw", perDraw);
            requirePositive("perGroupBatch", perGroupBatch);
            requirePositive("perTargetBatch", perTargetBatch);
            requirePositive("perEvaluation", perEvaluation);
            requirePositive("evaluationEvery", evaluationEvery);
        }

        private static void requirePositive(String name, int value) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " " + value + " is not positive");
            }
        }
    }

    /**
     * What to run on.
     *
     * @param forceCpu stay on the CPU although there is a CUDA device
     * @param threads threads of one operation on the CPU; more than the machine has free make small
     *     models many times slower. Holds for the JVM: the first trainer's number counts.
     */
    public record Compute(boolean forceCpu, int threads) {

        public Compute {
            if (threads < 1) {
                throw new IllegalArgumentException("threads " + threads + " is not positive");
            }
        }
    }

    /** Settings that show a mixture's effect within a minute on one core. */
    public static TrainerOptions demo(long seed, SketchSpec sketch) {
        return new TrainerOptions(
                ModelConfig.small(),
                seed,
                new Rows(4, 2, 8, 64, 50),
                LearningRate.constant(3e-3, 100),
                AdamWConfig.standard(),
                Optional.of(sketch),
                true,
                0,
                new Compute(false, 1));
    }

    /** The same with other sizes of the model. */
    public TrainerOptions withModel(ModelConfig value) {
        return new TrainerOptions(
                value,
                seed,
                rows,
                learningRate,
                optimizer,
                sketch,
                preconditioned,
                averaging,
                compute);
    }

    /** The same with other batches. */
    public TrainerOptions withRows(Rows value) {
        return new TrainerOptions(
                model,
                seed,
                value,
                learningRate,
                optimizer,
                sketch,
                preconditioned,
                averaging,
                compute);
    }

    /** The same with another learning rate. */
    public TrainerOptions withLearningRate(LearningRate value) {
        return new TrainerOptions(
                model, seed, rows, value, optimizer, sketch, preconditioned, averaging, compute);
    }

    /** The same without gradients for Sluice: losses only. */
    public TrainerOptions withoutSketch() {
        return new TrainerOptions(
                model,
                seed,
                rows,
                learningRate,
                optimizer,
                Optional.empty(),
                preconditioned,
                averaging,
                compute);
    }

    /** The same with plain gradients. */
    public TrainerOptions withoutPreconditioner() {
        return new TrainerOptions(
                model, seed, rows, learningRate, optimizer, sketch, false, averaging, compute);
    }

    /** The same, with losses measured on averaged weights. */
    public TrainerOptions withAveraging(double value) {
        return new TrainerOptions(
                model, seed, rows, learningRate, optimizer, sketch, preconditioned, value, compute);
    }

    /** The same on another device or with more threads. */
    public TrainerOptions withCompute(Compute value) {
        return new TrainerOptions(
                model,
                seed,
                rows,
                learningRate,
                optimizer,
                sketch,
                preconditioned,
                averaging,
                value);
    }
}
