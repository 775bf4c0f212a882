package io.sluice.djl;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Sizes of a {@link LanguageModel}.
 *
 * @param context bytes that a prediction may look at, and predictions per row (T), at least 2
 * @param width size of the vectors that run through the model (d), a multiple of {@code heads}
 * @param layers transformer blocks, at least 1
 * @param heads attention heads of a block, at least 1
 * @param previousBytes how many of the bytes before the current one add an embedding of their own
 *     to the input, 0 to 8; with three of them a small model knows spelling within seconds
 */
public record ModelConfig(int context, int width, int layers, int heads, int previousBytes) {

    /** Byte values, which are the model's vocabulary. */
    public static final int VOCABULARY = 256;

    /** Hidden units of a block's MLP for each unit of width. */
    static final int MLP_FACTOR = 4;

    private static final float EMBEDDING_SPREAD = 0.1f;

    public ModelConfig {
        require("context", context, 2, 8192);
        require("width", width, 1, 8192);
        require("layers", layers, 1, 128);
        require("heads", heads, 1, width);
        require("previousBytes", previousBytes, 0, 8);
        if (width % heads != 0) {
            throw new IllegalArgumentException(
                    "width " + width + " is not a multiple of heads " + heads);
        }
    }

    /** About 190,000 parameters: learns to tell languages apart within a minute on one core. */
    public static ModelConfig small() {
        return new ModelConfig(128, 64, 2, 2, 3);
    }

    /** Bytes of a row: one more than there are predictions. */
    public int rowLength() {
        return context + 1;
    }

    /** Number of parameters. */
    public long parameters() {
        return tensors().stream().mapToLong(tensor -> tensor.shape().size()).sum();
    }

    /** The model's tensors in a fixed order, under the names that sketches and checkpoints use. */
    List<TensorSpec> tensors() {
        float spread = fanIn(width);
        float hiddenSpread = fanIn(width * MLP_FACTOR);
        // The residual stream sums two branches a layer; this keeps its size independent of depth.
        float branch = (float) (1 / Math.sqrt(2.0 * layers));
        List<TensorSpec> tensors = new ArrayList<>();
        tensors.add(matrix("bytes", (1 + previousBytes) * VOCABULARY, width, EMBEDDING_SPREAD));
        tensors.add(matrix("positions", context, width, EMBEDDING_SPREAD));
        for (int layer = 0; layer < layers; layer++) {
            String attention = attention(layer);
            addNorm(tensors, attention);
            addLinear(tensors, attention + ".in", width, 3 * width, spread);
            addLinear(tensors, attention + ".out", width, width, spread * branch);
            String mlp = mlp(layer);
            addNorm(tensors, mlp);
            addLinear(tensors, mlp + ".in", width, MLP_FACTOR * width, spread);
            addLinear(tensors, mlp + ".out", MLP_FACTOR * width, width, hiddenSpread * branch);
        }
        addNorm(tensors, "head");
        tensors.add(matrix("head.weight", VOCABULARY, width, spread));
        return List.copyOf(tensors);
    }

    static String attention(int layer) {
        return "layers." + layer + ".attention";
    }

    static String mlp(int layer) {
        return "layers." + layer + ".mlp";
    }

    private void addNorm(List<TensorSpec> tensors, String name) {
        tensors.add(new TensorSpec(name + ".norm.gain", new Shape(width), 1, 0));
        tensors.add(new TensorSpec(name + ".norm.shift", new Shape(width), 0, 0));
    }

    private static void addLinear(
            List<TensorSpec> tensors, String name, int inputs, int outputs, float spread) {
        tensors.add(matrix(name + ".weight", outputs, inputs, spread));
        tensors.add(new TensorSpec(name + ".bias", new Shape(outputs), 0, 0));
    }

    private static TensorSpec matrix(String name, int rows, int columns, float spread) {
        return new TensorSpec(name, new Shape(rows, columns), 0, spread);
    }

    private static float fanIn(int inputs) {
        return (float) (1 / Math.sqrt(inputs));
    }

    private static void require(String name, int value, int least, int largest) {
        if (value < least || value > largest) {
            throw new IllegalArgumentException(
                    name + " " + value + " is not in [" + least + ", " + largest + "]");
        }
    }
}
