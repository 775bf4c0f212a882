package io.sluice.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.SketchSpec;
import io.sluice.core.testing.TestingSketches;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GradientSketchTest {

    private static final SketchSpec SPEC = new SketchSpec(101, 7);

    private final Random random = new Random(1);

    @Test
    void anElementGoesWithItsSignToItsBucket() {
        long hash = Hashes.hash("w");
        for (int i : new int[] {0, 1, 100, 101, 5000}) {
            float[] values = new float[i + 1];
            values[i] = 2;
            float[] expected = new float[101];
            int bucket = (int) ((Long.remainderUnsigned(hash, 101) + i % 101) % 101);
            expected[bucket] = Hashes.mix64(7, hash, i) >= 0 ? 2 : -2;

            assertThat(sketch("w", values)).containsExactly(expected);
        }
    }

    @Test
    void isLinear() {
        float[] x = gaussian(500);
        float[] y = gaussian(500);
        float[] both = new float[500];
        for (int i = 0; i < 500; i++) {
            both[i] = 2 * x[i] - 3 * y[i];
        }
        float[] sx = sketch("w", x);
        float[] sy = sketch("w", y);
        float[] sum = sketch("w", both);
        for (int b = 0; b < sum.length; b++) {
            assertThat(sum[b]).isEqualTo(2 * sx[b] - 3 * sy[b], within(1e-4f));
        }
    }

    @Test
    void shardsOfATensorAddUpInAnyOrder() {
        float[] values = gaussian(1000);
        GradientSketch shards = new GradientSketch(SPEC);
        shards.add("w", 700, Arrays.copyOfRange(values, 700, 1000));
        shards.add("w", 0, Arrays.copyOfRange(values, 0, 333));
        shards.add("w", 333, Arrays.copyOfRange(values, 333, 700));

        assertThat(shards.toFloats()).containsExactly(sketch("w", values), within(1e-5f));
    }

    @Test
    void theOrderOfTensorsDoesNotMatter() {
        float[] v = gaussian(300);
        float[] w = gaussian(400);
        GradientSketch first = new GradientSketch(SPEC);
        first.add("v", 0, v);
        first.add("w", 0, w);
        GradientSketch second = new GradientSketch(SPEC);
        second.add("w", 0, w);
        second.add("v", 0, v);

        assertThat(first.toFloats()).containsExactly(second.toFloats(), within(1e-5f));
    }

    /**
     * Over seeds: mean {@code <x, y>}; variance the sum of {@code x_i^2 y_j^2 + x_i y_i x_j y_j}
     * over all pairs in one bucket, which is about {@code (|x|^2 |y|^2 + <x, y>^2) / k}.
     */
    @Test
    void innerProductsAreUnbiasedWithTheVarianceOfTheFormula() {
        int size = 700;
        float[] x = gaussian(size);
        float[] y = gaussian(size);
        for (int i = 0; i < size; i++) {
            y[i] = 0.6f * x[i] + 0.8f * y[i];
        }
        double exact = TestingSketches.dot(x, y);
        double expected = 0;
        for (int i = 0; i < size; i++) {
            for (int j = i % 101; j < size; j += 101) {
                if (i != j) {
                    expected += (double) x[i] * x[i] * y[j] * y[j];
                    expected += (double) x[i] * y[i] * x[j] * y[j];
                }
            }
        }
        double formula =
                (TestingSketches.dot(x, x) * TestingSketches.dot(y, y) + exact * exact) / 101;
        assertThat(expected / formula).isBetween(0.75, 1.25);
        int seeds = 4000;
        double sum = 0;
        double squares = 0;
        for (int seed = 0; seed < seeds; seed++) {
            double error = product(seed, x, y) - exact;
            sum += error;
            squares += error * error;
        }
        assertThat(sum / seeds).isEqualTo(0, within(4 * Math.sqrt(expected / seeds)));
        assertThat(squares / seeds / expected).isBetween(0.93, 1.07);
    }

    private static double product(long seed, float[] x, float[] y) {
        GradientSketch sx = new GradientSketch(new SketchSpec(101, seed));
        sx.add("w", 0, x);
        GradientSketch sy = new GradientSketch(new SketchSpec(101, seed));
        sy.add("w", 0, y);
        return TestingSketches.dot(sx.toFloats(), sy.toFloats());
    }

    private static float[] sketch(String tensor, float[] values) {
        GradientSketch sketch = new GradientSketch(SPEC);
        sketch.add(tensor, 0, values);
        return sketch.toFloats();
    }

    private float[] gaussian(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
