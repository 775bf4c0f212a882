package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019) and clipping by the gradient's
 * norm:
 *
 * <pre>
 * g &lt;- g min(1, clipNorm / |g|)
 * w &lt;- w - lr weightDecay w
 * m &lt;- beta1 m + (1 - beta1) g;   v &lt;- beta2 v + (1 - beta2) g²
 * w &lt;- w - lr (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)
 * </pre>
 *
 * <p>The update is one native call. The engine's own optimiser is not used: its state cannot be
 * saved, and its clipping bounds gradients from above only.
 */
final class AdamW {

    private static final float NO_CLIPPING = -1;

    private final AdamWConfig config;
    private final NDManager manager;
    private final NDArray mean;
    private final NDArray variance;

    /**
     * @param manager owns the state, on the device of the weights
     * @param mean the m to start from, one value for each element of the weights' layout
     * @param variance the v to start from
     */
    AdamW(AdamWConfig config, NDManager manager, float[] mean, float[] variance) {
        this.config = config;
        this.manager = manager;
        try (NDArray borrowedMean = manager.create(mean);
                NDArray borrowedVariance = manager.create(variance)) {
            this.mean = borrowedMean.duplicate();
            this.variance = borrowedVariance.duplicate();
        }
    }

    /**
     * Applies the accumulated gradient and sets it to zero.
     *
     * @param update number of this update (t), from 1
     * @param learningRate learning rate of this update
     * @return norm of the gradient before clipping
     * @throws TrainingException when the norm is not finite; the weights are as they were
     */
    double step(Parameters parameters, long update, double learningRate) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray gradient = parameters.gradient(scope);
            double norm = gradient.norm().getFloat();
            if (!Double.isFinite(norm)) {
                throw new TrainingException("update " + update + ": gradient norm is " + norm);
            }
            double meanBias = 1 - Math.pow(config.beta1(), update);
            double rootVarianceBias = Math.sqrt(1 - Math.pow(config.beta2(), update));
            NDArray weights = parameters.flat();
            weights.getNDArrayInternal()
                    .adamUpdate(
                            new NDList(weights, gradient, mean, variance),
                            new NDList(weights),
                            (float) learningRate,
                            (float) (learningRate * rootVarianceBias / meanBias),
                            (float) config.weightDecay(),
                            (float) Math.min(1, config.clipNorm() / norm),
                            NO_CLIPPING,
                            (float) config.beta1(),
                            (float) config.beta2(),
                            (float) (config.epsilon() * rootVarianceBias),
                            false,
                            true);
            return norm;
        }
    }

    /** v, gaps of the layout included, as an array that closes with {@code scope}. */
    NDArray secondMoment(NDManager scope) {
        NDArray copy = variance.duplicate();
        copy.attach(scope);
        return copy;
    }

    /** A copy of m, gaps of the layout included. */
    float[] mean() {
        return mean.toFloatArray();
    }

    /** A copy of v, gaps of the layout included. */
    float[] variance() {
        return variance.toFloatArray();
    }
}
