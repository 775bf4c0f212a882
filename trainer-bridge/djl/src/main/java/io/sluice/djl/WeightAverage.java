package io.sluice.djl;

/**
 * An exponential moving average of weights (Polyak and Juditsky, 1992, in its decaying form): its
 * loss is that of a model whose learning rate has been lowered, without lowering it, so that runs
 * can be compared at any step.
 *
 * <pre>
 * mean &lt;- b mean + (1 - b) w        b = min(decay, (1 + n) / (10 + n)) for the n-th weights
 * </pre>
 *
 * <p>The lower b of the beginning lets go of the initial weights.
 */
final class WeightAverage {

    private static final double FIRST_WINDOW = 10;

    private final double decay;
    private final float[] mean;
    private long count;

    /**
     * @param decay what is kept of the average at each step, in (0, 1)
     * @param initial the weights to begin with
     */
    WeightAverage(double decay, float[] initial) {
        this.decay = decay;
        this.mean = initial.clone();
    }

    /** Takes the weights after one more step. */
    void add(float[] weights) {
        count++;
        float fresh = (float) (1 - Math.min(decay, (1 + count) / (FIRST_WINDOW + count)));
        for (int i = 0; i < mean.length; i++) {
            mean[i] += fresh * (weights[i] - mean[i]);
        }
    }

    /** The average; not a copy. */
    float[] values() {
        return mean;
    }
}
