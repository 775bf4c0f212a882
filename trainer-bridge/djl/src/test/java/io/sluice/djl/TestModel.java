package io.sluice.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.sluice.core.domain.SketchSpec;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/** A model on its own: forward and backward passes without a trainer. */
final class TestModel implements AutoCloseable {

    static final ModelConfig TINY = new ModelConfig(16, 8, 2, 2, 2);
    static final SketchSpec SKETCH = new SketchSpec(251, 7);
    static final TrainerOptions.Compute CPU = new TrainerOptions.Compute(true, 1);

    final ParameterLayout layout;
    final Parameters parameters;
    final LanguageModel model;
    final NDManager manager = TorchEngine.open(CPU);

    TestModel(ModelConfig config, int period, long seed) {
        this(ParameterLayout.of(config.tensors(), period), config, seed, values -> values);
    }

    TestModel(
            ParameterLayout layout, ModelConfig config, long seed, UnaryOperator<float[]> change) {
        this.layout = layout;
        float[] values = LanguageModel.initialValues(layout, seed);
        this.parameters = new Parameters(manager, layout, change.apply(values));
        this.model = new LanguageModel(manager, config, parameters);
    }

    float[] losses(byte[][] rows) {
        try (NDManager scope = manager.newSubManager()) {
            return Autograd.notRecording(() -> model.losses(scope, rows).toFloatArray());
        }
    }

    /** Adds the gradient of the summed loss; {@code between} runs between the two passes. */
    void backward(byte[][] rows, Runnable between) {
        try (NDManager scope = manager.newSubManager()) {
            NDArray one = scope.create(1f);
            Autograd.recording(
                    () -> {
                        NDArray sum = model.losses(scope, rows).sum();
                        between.run();
                        Autograd.backward(sum, one);
                        return sum;
                    });
        }
    }

    void backward(byte[][] rows) {
        backward(rows, () -> {});
    }

    float[] gradient() {
        try (NDManager scope = manager.newSubManager()) {
            return parameters.gradient(scope).toFloatArray();
        }
    }

    Map<String, float[]> gradients() {
        return layout.part(gradient());
    }

    static byte[][] randomRows(ModelConfig config, int rows, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[][] result = new byte[rows][config.rowLength()];
        for (byte[] row : result) {
            random.nextBytes(row);
        }
        return result;
    }

    @Override
    public void close() {
        manager.close();
    }
}
