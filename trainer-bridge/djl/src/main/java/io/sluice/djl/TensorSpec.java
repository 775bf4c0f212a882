package io.sluice.djl;

import ai.djl.ndarray.types.Shape;
import io.sluice.core.sketch.Hashes;
import java.util.SplittableRandom;

/**
 * A tensor of a model and the Gaussian that its initial values come from.
 *
 * @param name its name, which never changes: sketches hash it, checkpoints store it
 * @param shape its shape
 * @param mean mean of the initial values
 * @param spread standard deviation of the initial values
 */
record TensorSpec(String name, Shape shape, float mean, float spread) {

    int size() {
        return Math.toIntExact(shape.size());
    }

    /**
     * Initial values, row-major. They depend on the seed and the name only: not on the engine, the
     * device or the order of tensors.
     */
    float[] initialValues(long seed) {
        SplittableRandom random = new SplittableRandom(Hashes.mix64(seed, Hashes.hash(name), 0));
        float[] values = new float[size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = mean + spread * (float) random.nextGaussian();
        }
        return values;
    }
}
