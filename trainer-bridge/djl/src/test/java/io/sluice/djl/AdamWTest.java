package io.sluice.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdamWTest {

    private static final AdamWConfig CONFIG = new AdamWConfig(0.9, 0.99, 1e-3, 0.1, 1);
    private static final ParameterLayout LAYOUT =
            ParameterLayout.of(List.of(new TensorSpec("w", new Shape(3), 0, 0)), 1);

    @Test
    void followsTheFormulaIncludingTheClippingOfNegativeGradients() {
        try (NDManager manager = TorchEngine.open(TestModel.CPU)) {
            double[] w = {1, -2, 3};
            double[] m = new double[3];
            double[] v = new double[3];
            Parameters parameters = new Parameters(manager, LAYOUT, new float[] {1, -2, 3});
            AdamW adam = new AdamW(CONFIG, manager, new float[3], new float[3]);
            float[][] gradients = {{-3, 4, 0}, {0.1f, -0.2f, 0.3f}, {-30, 0, -40}};
            for (int t = 1; t <= gradients.length; t++) {
                accumulate(parameters, manager, gradients[t - 1]);
                double norm = adam.step(parameters, t, 0.01);
                assertThat(norm).isCloseTo(reference(w, m, v, gradients[t - 1], t), within(1e-5));
                for (int i = 0; i < 3; i++) {
                    assertThat(parameters.values()[i]).isCloseTo((float) w[i], within(1e-6f));
                    assertThat(adam.mean()[i]).isCloseTo((float) m[i], within(1e-6f));
                    assertThat(adam.variance()[i]).isCloseTo((float) v[i], within(1e-6f));
                }
            }
        }
    }

    @Test
    void setsTheGradientToZero() {
        try (NDManager manager = TorchEngine.open(TestModel.CPU)) {
            Parameters parameters = new Parameters(manager, LAYOUT, new float[3]);
            accumulate(parameters, manager, new float[] {1, 2, 3});
            new AdamW(CONFIG, manager, new float[3], new float[3]).step(parameters, 1, 0.01);
            assertThat(parameters.gradient(manager).toFloatArray()).containsOnly(0);
        }
    }

    @Test
    void aGradientThatIsNotFiniteLeavesTheWeightsAlone() {
        try (NDManager manager = TorchEngine.open(TestModel.CPU)) {
            Parameters parameters = new Parameters(manager, LAYOUT, new float[] {1, 2, 3});
            accumulate(parameters, manager, new float[] {1, Float.NaN, 3});
            AdamW adam = new AdamW(CONFIG, manager, new float[3], new float[3]);
            assertThatThrownBy(() -> adam.step(parameters, 5, 0.01))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("update 5")
                    .hasMessageContaining("NaN");
            assertThat(parameters.values()).containsExactly(1, 2, 3);
            parameters.zeroGradient();
            assertThat(parameters.gradient(manager).toFloatArray()).containsOnly(0);
        }
    }

    @Test
    void learningRateWarmsUpAndDecays() {
        LearningRate constant = LearningRate.constant(1, 10);
        assertThat(constant.at(0)).isEqualTo(0.1);
        assertThat(constant.at(9)).isEqualTo(1);
        assertThat(constant.at(1000)).isEqualTo(1);
        LearningRate cosine = LearningRate.cosine(1, 10, 110);
        assertThat(cosine.at(4)).isEqualTo(0.5);
        assertThat(cosine.at(10)).isEqualTo(1);
        assertThat(cosine.at(60)).isCloseTo(0.55, within(1e-12));
        assertThat(cosine.at(110)).isCloseTo(0.1, within(1e-12));
        assertThat(cosine.at(1000)).isCloseTo(0.1, within(1e-12));
    }

    /** Makes {@code gradient} the gradient: that of the inner product with it. */
    private static void accumulate(Parameters parameters, NDManager manager, float[] gradient) {
        NDArray one = manager.create(1f);
        NDArray factor = manager.create(gradient);
        Autograd.recording(
                () -> {
                    NDArray sum = parameters.tensors(manager).get("w").mul(factor).sum();
                    Autograd.backward(sum, one);
                    return sum;
                });
    }

    private static double reference(double[] w, double[] m, double[] v, float[] g, int t) {
        double norm = 0;
        for (float x : g) {
            norm += (double) x * x;
        }
        norm = Math.sqrt(norm);
        for (int i = 0; i < w.length; i++) {
            double clipped = g[i] * Math.min(1, 1 / norm);
            w[i] -= 0.01 * 0.1 * w[i];
            m[i] = 0.9 * m[i] + 0.1 * clipped;
            v[i] = 0.99 * v[i] + 0.01 * clipped * clipped;
            double meanHat = m[i] / (1 - Math.pow(0.9, t));
            double varianceHat = v[i] / (1 - Math.pow(0.99, t));
            w[i] -= 0.01 * meanHat / (Math.sqrt(varianceHat) + 1e-3);
        }
        return norm;
    }
}
