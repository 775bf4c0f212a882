package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.sketch.GradientSketch;
import io.sluice.core.sketch.Hashes;

/**
 * Sketch spec v1 of the accumulated gradient, computed on the device: one multiplication with a
 * vector of signs, one fold. Equal to {@link GradientSketch} within 1e-6 of the sketch's norm.
 *
 * <p>After {@link #precondition} it is the sketch of {@code P^(1/2) g}, so that inner products of
 * sketches estimate {@code g' P v}: half of the preconditioner on each side, before the sketch,
 * because it cannot be applied afterwards.
 */
final class NativeSketch {

    private final NDManager manager;
    private final NDArray signs;

    /** The signs, times the root of the preconditioner where there is one. */
    private NDArray factors;

    private final int dimension;

    /**
     * @param manager owns the signs, on the device of the gradient
     * @param layout where the tensors stand; its period is the sketch's dimension
     */
    NativeSketch(NDManager manager, ParameterLayout layout, SketchSpec spec) {
        if (layout.period() != spec.dimension()) {
            throw new IllegalArgumentException(
                    "a layout with period "
                            + layout.period()
                            + " does not fold to "
                            + spec.dimension()
                            + " buckets");
        }
        this.manager = manager;
        this.signs = manager.create(layout.join(tensor -> signs(tensor, spec.seed())));
        this.factors = signs;
        this.dimension = spec.dimension();
    }

    /** The sketch of what backward passes have accumulated so far: one value per bucket. */
    float[] of(Parameters parameters) {
        try (NDManager scope = manager.newSubManager()) {
            return parameters
                    .gradient(scope)
                    .mul(factors)
                    .reshape(-1, dimension)
                    .sum(new int[] {0})
                    .toFloatArray();
        }
    }

    /**
     * Measures gradients from now on as Adam does: {@code P^(1/2) = (sqrt(v) +
     * mean(sqrt(v)))^(-1/2)} with Adam's second moment v. Damped by the mean, because elements that
     * are hardly ever used, as the embedding of a byte that one target alone has, would drown the
     * others. To be called once a round at most: sketches of one round are compared with each
     * other. Before Adam's first update nothing changes.
     */
    void precondition(AdamW optimizer, long parameters) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray root = optimizer.secondMoment(scope).sqrt();
            float mean = (float) (root.sum().getFloat() / (double) parameters);
            if (mean > 0) {
                NDArray next = root.add(mean).pow(-0.5).mul(signs);
                next.attach(manager);
                if (factors != signs) {
                    factors.close();
                }
                factors = next;
            }
        }
    }

    private static float[] signs(TensorSpec tensor, long seed) {
        long hash = Hashes.hash(tensor.name());
        float[] signs = new float[tensor.size()];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = GradientSketch.isNegative(seed, hash, i) ? -1 : 1;
        }
        return signs;
    }
}
