package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.domain.SketchSpec;
import io.sluice.core.sketch.GradientSketch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NativeSketchTest {

    @ParameterizedTest
    @ValueSource(ints = {16, 251, 256, 8191})
    void equalsTheReferenceOnRealGradients(int dimension) {
        SketchSpec spec = new SketchSpec(dimension, 0x1234_5678_9abc_def0L);
        ModelConfig config = ModelConfig.small();
        try (TestModel model = new TestModel(config, dimension, 1)) {
            NativeSketch sketch = new NativeSketch(model.manager, model.layout, spec);
            byte[] text = ToyCorpus.sentences(1);
            byte[][] rows = new ByteRows("text", text, config.rowLength(), 1).take(4);
            model.backward(rows);
            assertClose(sketch.of(model.parameters), reference(model, spec), 1e-6);
        }
    }

    @Test
    void differencesOfTheAccumulatedSketchAddUpToTheWhole() {
        try (TestModel model = new TestModel(TestModel.TINY, 251, 1)) {
            NativeSketch sketch = new NativeSketch(model.manager, model.layout, TestModel.SKETCH);
            float[] before = new float[251];
            float[] sum = new float[251];
            for (int batch = 0; batch < 4; batch++) {
                model.backward(TestModel.randomRows(TestModel.TINY, 4, batch));
                float[] after = sketch.of(model.parameters);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += after[i] - before[i];
                }
                before = after;
            }
            assertClose(sum, reference(model, TestModel.SKETCH), 1e-6);
        }
    }

    @Test
    void underAPreconditionerItIsTheSketchOfTheScaledGradient() {
        try (TestModel model = new TestModel(TestModel.TINY, 251, 1)) {
            NativeSketch sketch = new NativeSketch(model.manager, model.layout, TestModel.SKETCH);
            float[] zeros = new float[model.layout.length()];
            AdamW optimizer = new AdamW(AdamWConfig.standard(), model.manager, zeros, zeros);
            byte[][] rows = TestModel.randomRows(TestModel.TINY, 4, 1);
            model.backward(rows);
            sketch.precondition(optimizer, TestModel.TINY.parameters());
            assertClose(sketch.of(model.parameters), reference(model, TestModel.SKETCH), 1e-6);

            optimizer.step(model.parameters, 1, 1e-3);
            model.backward(rows);
            sketch.precondition(optimizer, TestModel.TINY.parameters());
            GradientSketch expected = new GradientSketch(TestModel.SKETCH);
            model.layout
                    .part(
                            scaled(
                                    model.gradient(),
                                    optimizer.variance(),
                                    TestModel.TINY.parameters()))
                    .forEach((name, values) -> expected.add(name, 0, values));
            assertClose(sketch.of(model.parameters), expected.toFloats(), 1e-5);
        }
    }

    /** {@code g / sqrt(sqrt(v) + mean(sqrt(v)))}. */
    private static float[] scaled(float[] gradient, float[] variance, long parameters) {
        double mean = 0;
        for (float v : variance) {
            mean += Math.sqrt(v) / parameters;
        }
        float[] result = new float[gradient.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (gradient[i] / Math.sqrt(Math.sqrt(variance[i]) + mean));
        }
        return result;
    }

    @Test
    void theGradientOfTheGapsIsZero() {
        try (TestModel model = new TestModel(TestModel.TINY, 251, 1)) {
            model.backward(TestModel.randomRows(TestModel.TINY, 4, 1));
            float[] gradient = model.gradient();
            assertThat(model.layout.join(model.gradients())).isEqualTo(gradient);
            assertThat(gradient.length % 251).isZero();
        }
    }

    @Test
    void aLayoutForAnotherDimensionIsRefused() {
        try (TestModel model = new TestModel(TestModel.TINY, 16, 1)) {
            assertThatThrownBy(
                            () -> new NativeSketch(model.manager, model.layout, TestModel.SKETCH))
                    .hasMessage("a layout with period 16 does not fold to 251 buckets");
        }
    }

    static float[] reference(TestModel model, SketchSpec spec) {
        GradientSketch sketch = new GradientSketch(spec);
        model.gradients().forEach((name, values) -> sketch.add(name, 0, values));
        return sketch.toFloats();
    }

    /** Compares by the norm of the difference, relative to the norm. */
    static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double error = 0;
        double norm = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = (double) actual[i] - expected[i];
            error += difference * difference;
            norm += (double) expected[i] * expected[i];
        }
        assertThat(norm).isPositive();
        assertThat(Math.sqrt(error / norm)).isLessThan(tolerance);
    }
}
