package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A model's weights as one flat vector with one gradient.
 *
 * <p>Operations see tensors, which are views of the vector; the optimiser, the sketch, norms and
 * checkpoints see the vector, at the cost of one native call each instead of one per tensor.
 */
final class Parameters {

    private final ParameterLayout layout;
    private final NDArray flat;

    /**
     * @param manager owns the weights, on the device that the model runs on
     * @param values one value for each element of the layout, gaps included
     */
    Parameters(NDManager manager, ParameterLayout layout, float[] values) {
        if (values.length != layout.length()) {
            throw new IllegalArgumentException(
                    values.length + " values for a layout of " + layout.length());
        }
        this.layout = layout;
        try (NDArray borrowed = manager.create(values)) {
            // A created array reads a buffer of the JVM; the duplicate has memory of its own.
            this.flat = borrowed.duplicate();
        }
        flat.setRequiresGradient(true);
    }

    ParameterLayout layout() {
        return layout;
    }

    /** The weights, for the optimiser to change in place. */
    NDArray flat() {
        return flat;
    }

    /** The tensors by name: views of the weights that live as long as {@code manager}. */
    Map<String, NDArray> tensors(NDManager manager) {
        NDList pieces = flat.split(layout.cuts());
        pieces.attach(manager);
        Map<String, NDArray> tensors = new HashMap<>();
        for (int i = 0; i < layout.places().size(); i++) {
            TensorSpec tensor = layout.places().get(i).tensor();
            tensors.put(tensor.name(), pieces.get(2 * i + 1).reshape(tensor.shape()));
        }
        return tensors;
    }

    /** What backward passes have accumulated since the last {@link #zeroGradient}; not a copy. */
    NDArray gradient(NDManager manager) {
        NDArray gradient = flat.getGradient();
        gradient.attach(manager);
        return gradient;
    }

    /** Sets the gradient to zero, also where it is not a number. */
    void zeroGradient() {
        JniUtils.zeroGrad((PtNDArray) flat);
    }

    /** A copy of the weights, gaps included. */
    float[] values() {
        return flat.toFloatArray();
    }

    /**
     * Runs {@code body} with other weights in place of these.
     *
     * @param values one value for each element of the layout, gaps included
     */
    void with(float[] values, Runnable body) {
        float[] mine = values();
        flat.set(FloatBuffer.wrap(values));
        try {
            body.run();
        } finally {
            flat.set(FloatBuffer.wrap(mine));
        }
    }
}
