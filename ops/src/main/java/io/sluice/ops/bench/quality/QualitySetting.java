package io.sluice.ops.bench.quality;

import io.sluice.core.domain.SketchSpec;
import io.sluice.djl.LearningRate;
import io.sluice.djl.ModelConfig;
import io.sluice.djl.TrainerOptions;

/**
 * How long a run is, and how it is measured.
 *
 * @param name what people call it
 * @param steps optimiser steps of a policy's run
 * @param evaluationEvery steps from one measurement to the next
 */
public record QualitySetting(String name, long steps, int evaluationEvery) {

    /** Minutes on two cores. */
    public static final QualitySetting SMALL = new QualitySetting("small", 1_000, 50);

    /** Hours on two cores. */
    public static final QualitySetting FULL = new QualitySetting("full", 1_500, 100);

    /** Micro-batches of a step. */
    static final int DRAWS_PER_STEP = 4;

    /** Rows of a micro-batch. */
    static final int ROWS_PER_DRAW = 4;

    /** Batches of a group or target that are measured in a round: one for each half. */
    static final int MEASURED_BATCHES = 2;

    /**
     * How much longer than a policy's run the uniform runs are, so that the two can be compared at
     * equal compute.
     */
    static final double MORE_COMPUTE = 0.15;

    /**
     * What the sketch of a measured batch takes, as a share of its passes; docs/quality.md says how
     * that was measured.
     */
    static final double SKETCH_SHARE = 0.06;

    private static final int TEST_ROWS = 64;
    private static final double AVERAGING = 0.99;
    private static final double LEARNING_RATE = 3e-3;
    private static final long LEARNING_RATE_WARM_UP = 100;

    /** Rows that a step trains on. */
    static long rowsPerStep() {
        return (long) DRAWS_PER_STEP * ROWS_PER_DRAW;
    }

    /** Bytes that a step trains on. */
    static long bytesPerStep() {
        return rowsPerStep() * ModelConfig.small().context();
    }

    /** Steps of a uniform run: a whole number of measurements. */
    long uniformSteps() {
        long evaluations = (long) Math.ceil(steps * (1 + MORE_COMPUTE) / evaluationEvery);
        return evaluations * evaluationEvery;
    }

    /** How a trainer is set up, with sketches. */
    TrainerOptions trainer(long seed, int groupRows, int targetRows, SketchSpec sketch) {
        return TrainerOptions.demo(seed, sketch)
                .withRows(
                        new TrainerOptions.Rows(
                                ROWS_PER_DRAW,
                                groupRows / MEASURED_BATCHES,
                                targetRows / MEASURED_BATCHES,
                                TEST_ROWS,
                                evaluationEvery))
                .withLearningRate(LearningRate.constant(LEARNING_RATE, LEARNING_RATE_WARM_UP))
                .withAveraging(AVERAGING)
                .withCompute(new TrainerOptions.Compute(true, 1));
    }
}
