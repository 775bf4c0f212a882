package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import java.util.Map;

/**
 * A decoder-only transformer over bytes: learned positions, optional embeddings of the previous
 * bytes, pre-norm blocks of causal multi-head attention and a GELU MLP, an untied head.
 *
 * <p>Inside {@link #losses} every operand is an array that lives until after the backward pass. A
 * Java number as an operand would be read again by the backward pass after the engine has let go of
 * it: the gradient would be wrong once the garbage collector has run.
 */
final class LanguageModel {

    private static final float NORM_EPSILON = 1e-5f;

    private final ModelConfig config;
    private final Parameters parameters;
    private final NDArray causalMask;
    private final NDArray attentionScale;

    /**
     * @param manager owns the model's constants; must outlive the model
     * @param parameters weights in a layout of {@code config.tensors()}
     */
    LanguageModel(NDManager manager, ModelConfig config, Parameters parameters) {
        this.config = config;
        this.parameters = parameters;
        this.causalMask =
                manager.create(
                        causalMask(config.context()),
                        new Shape(config.context(), config.context()));
        this.attentionScale =
                manager.create((float) (1 / Math.sqrt(config.width() / config.heads())));
    }

    /** Initial weights for a seed: the same on every machine and device. */
    static float[] initialValues(ParameterLayout layout, long seed) {
        return layout.join(tensor -> tensor.initialValues(seed));
    }

    Parameters parameters() {
        return parameters;
    }

    /**
     * Loss of each prediction: of byte t + 1 of a row, from its bytes 0 to t.
     *
     * @param manager owns the result and everything on the way to it; keep it open until after the
     *     backward pass
     * @param rows B rows of T + 1 bytes
     * @return B * T losses, row by row, in nats
     * @throws IllegalArgumentException when a row does not have T + 1 bytes
     */
    NDArray losses(NDManager manager, byte[][] rows) {
        Map<String, NDArray> tensors = parameters.tensors(manager);
        NDArray x = embed(tensors, manager.create(inputs(rows), inputShape(rows.length)));
        for (int layer = 0; layer < config.layers(); layer++) {
            x = x.add(attention(tensors, ModelConfig.attention(layer), x));
            x = x.add(mlp(tensors, ModelConfig.mlp(layer), x));
        }
        NDArray normed = norm(tensors, "head", x).reshape(-1, config.width());
        NDArray logits = Linear.linear(normed, tensors.get("head.weight")).singletonOrThrow();
        NDArray targets =
                manager.create(targets(rows), new Shape((long) rows.length * config.context(), 1));
        return logits.logSoftmax(-1).gather(targets, 1).neg().reshape(-1);
    }

    private NDArray embed(Map<String, NDArray> tensors, NDArray inputs) {
        return Embedding.embedding(inputs, tensors.get("bytes"), SparseFormat.DENSE)
                .singletonOrThrow()
                .sum(new int[] {2})
                .add(tensors.get("positions"));
    }

    private NDArray attention(Map<String, NDArray> tensors, String name, NDArray x) {
        long batch = x.getShape().get(0);
        int headWidth = config.width() / config.heads();
        // [B, T, 3d] to three of [1, B, heads, T, d / heads]
        NDList parts =
                linear(tensors, name + ".in", norm(tensors, name, x))
                        .reshape(batch, config.context(), 3, config.heads(), headWidth)
                        .transpose(2, 0, 3, 1, 4)
                        .split(3);
        NDArray queries = parts.get(0).mul(attentionScale);
        NDArray keys = parts.get(1).transpose(0, 1, 2, 4, 3);
        NDArray shares = queries.matMul(keys).add(causalMask).softmax(-1);
        NDArray mixed = shares.matMul(parts.get(2)).transpose(0, 1, 3, 2, 4);
        return linear(
                tensors, name + ".out", mixed.reshape(batch, config.context(), config.width()));
    }

    private static NDArray mlp(Map<String, NDArray> tensors, String name, NDArray x) {
        NDArray hidden = Activation.gelu(linear(tensors, name + ".in", norm(tensors, name, x)));
        return linear(tensors, name + ".out", hidden);
    }

    private static NDArray norm(Map<String, NDArray> tensors, String name, NDArray x) {
        NDArray gain = tensors.get(name + ".norm.gain");
        NDArray shift = tensors.get(name + ".norm.shift");
        return LayerNorm.layerNorm(x, gain.getShape(), gain, shift, NORM_EPSILON)
                .singletonOrThrow();
    }

    private static NDArray linear(Map<String, NDArray> tensors, String name, NDArray x) {
        return Linear.linear(x, tensors.get(name + ".weight"), tensors.get(name + ".bias"))
                .singletonOrThrow();
    }

    private Shape inputShape(int rows) {
        return new Shape(rows, config.context(), 1 + config.previousBytes());
    }

    /**
     * Row indices into the byte table: value b at distance j stands at 256 j + b. Before the first
     * byte of a row there are zeros.
     */
    private long[] inputs(byte[][] rows) {
        int distances = 1 + config.previousBytes();
        long[] inputs = new long[rows.length * config.context() * distances];
        int next = 0;
        for (byte[] row : rows) {
            requireLength(row);
            for (int t = 0; t < config.context(); t++) {
                for (int j = 0; j < distances; j++) {
                    int value = t < j ? 0 : row[t - j] & 0xff;
                    inputs[next++] = (long) j * ModelConfig.VOCABULARY + value;
                }
            }
        }
        return inputs;
    }

    private long[] targets(byte[][] rows) {
        long[] targets = new long[rows.length * config.context()];
        int next = 0;
        for (byte[] row : rows) {
            for (int t = 1; t <= config.context(); t++) {
                targets[next++] = row[t] & 0xff;
            }
        }
        return targets;
    }

    private void requireLength(byte[] row) {
        if (row.length != config.rowLength()) {
            throw new IllegalArgumentException(
                    "a row of " + row.length + " bytes, not of " + config.rowLength());
        }
    }

    private static float[] causalMask(int context) {
        float[] mask = new float[context * context];
        for (int t = 0; t < context; t++) {
            for (int later = t + 1; later < context; later++) {
                mask[t * context + later] = Float.NEGATIVE_INFINITY;
            }
        }
        return mask;
    }
}
