package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.sketch.GradientSketch;
import io.sluice.core.sketch.Hashes;

/**
 * Sketch spec v1 of the accumulated gradient, computed on the device: one multiplication with a
 * fixed vector of signs, one fold. Equal to {@link GradientSketch} within 1e-6 of the sketch's
 * norm.
 */
final class NativeSketch {

    private final NDManager manager;
    private final NDArray signs;
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
        this.dimension = spec.dimension();
    }

    /** The sketch of what backward passes have accumulated so far: one value per bucket. */
    float[] of(Parameters parameters) {
        try (NDManager scope = manager.newSubManager()) {
            return parameters
                    .gradient(scope)
                    .mul(signs)
                    .reshape(-1, dimension)
                    .sum(new int[] {0})
                    .toFloatArray();
        }
    }

    /** The sketch of a zero gradient. */
    float[] zero() {
        return new float[dimension];
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
