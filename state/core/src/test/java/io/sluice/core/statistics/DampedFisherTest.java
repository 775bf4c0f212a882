package io.sluice.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.testing.TestingSketches;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DampedFisherTest {

    private final Random random = new Random(11);

    /** F is built as a k x k matrix here, and inverted by elimination. */
    @Test
    void productsAreThoseOfTheDenseInverse() {
        for (int k : new int[] {2, 5, 40}) {
            for (double damping : new double[] {0.01, 0.3, 1, 20}) {
                List<float[]> halves = halves(4, k);
                List<SplitSketch> sketches = sketches(halves);
                double[][] inverse = denseInverse(halves, damping);
                DampedFisher fisher = new DampedFisher(sketches, damping);

                for (int a = 0; a < halves.size(); a++) {
                    for (int b = 0; b < halves.size(); b++) {
                        double expected = bilinear(halves.get(a), inverse, halves.get(b));
                        HalfProducts.Pairs pairs =
                                fisher.of(sketches.get(a / 2), sketches.get(b / 2));
                        assertThat(of(pairs, a % 2, b % 2))
                                .isEqualTo(expected, within(1e-9 * (1 + Math.abs(expected))));
                    }
                }
            }
        }
    }

    /** One sketch (a, 0), (0, b): G is diagonal, and so c G / (c + G) is known. */
    @Test
    void orthogonalHalvesAreShortenedByTheirOwnLengths() {
        SplitSketch sketch = TestingSketches.of(new float[] {2, 0}, new float[] {0, 4});
        DampedFisher fisher = new DampedFisher(List.of(sketch), 0.5);
        double c = 0.5 * (4 + 16) / 2;

        assertThat(fisher.of(sketch, sketch).aa()).isEqualTo(c * 4 / (c + 4), within(1e-12));
        assertThat(fisher.of(sketch, sketch).bb()).isEqualTo(c * 16 / (c + 16), within(1e-12));
        assertThat(fisher.of(sketch, sketch).ab()).isZero();
    }

    @Test
    void aLargeDampingIsThePlainInnerProduct() {
        List<SplitSketch> sketches = sketches(halves(5, 30));
        DampedFisher fisher = new DampedFisher(sketches, 1e6);

        for (SplitSketch group : sketches) {
            for (SplitSketch target : sketches) {
                GradientStatistics.Product plain = GradientStatistics.align(group, target);
                GradientStatistics.Product damped = GradientStatistics.align(group, target, fisher);
                double size = Math.abs(plain.value()) + Math.sqrt(plain.variance()) + 1;
                assertThat(damped.value()).isEqualTo(plain.value(), within(1e-3 * size));
                assertThat(damped.variance())
                        .isEqualTo(plain.variance(), within(1e-3 * size * size));
            }
        }
    }

    /** What all subjects share says little of one of them, and is what the inverse takes away. */
    @Test
    void aDirectionThatAllShareCountsForLess() {
        List<SplitSketch> sketches = new ArrayList<>();
        for (int j = 0; j < 6; j++) {
            float[] values = new float[16];
            values[0] = 8;
            values[1 + j] = 1;
            sketches.add(TestingSketches.of(values, values.clone()));
        }
        DampedFisher fisher = new DampedFisher(sketches, 0.05);

        assertThat(cosine(sketches, HalfProducts.PLAIN)).isGreaterThan(0.98);
        assertThat(cosine(sketches, fisher)).isLessThan(0.5);
    }

    @Test
    void unrelatedSketchesStayUnrelatedOnAverage() {
        int trials = 400;
        double sum = 0;
        double squares = 0;
        for (int trial = 0; trial < trials; trial++) {
            List<SplitSketch> sketches = sketches(halves(3, 64));
            DampedFisher fisher = new DampedFisher(sketches, 0.3);
            double value =
                    GradientStatistics.align(sketches.get(0), sketches.get(1), fisher).value();
            sum += value;
            squares += value * value;
        }
        assertThat(sum / trials).isEqualTo(0, within(4 * Math.sqrt(squares) / trials));
    }

    @Test
    void theOrderOfTheSketchesDoesNotMatter() {
        List<SplitSketch> sketches = sketches(halves(6, 20));
        List<SplitSketch> shuffled = new ArrayList<>(sketches);
        Collections.shuffle(shuffled, random);
        DampedFisher fisher = new DampedFisher(sketches, 0.3);
        DampedFisher other = new DampedFisher(shuffled, 0.3);

        for (SplitSketch x : sketches) {
            for (SplitSketch y : sketches) {
                assertThat(other.of(x, y).ab()).isEqualTo(fisher.of(x, y).ab(), within(1e-9));
            }
        }
    }

    @Test
    void sketchesThatSayNothingGiveNumbers() {
        float[] none = new float[8];
        float[] same = {1, 1, 1, 1, 1, 1, 1, 1};
        float[] large = {3e38f, 3e38f, 0, 0, 0, 0, 0, 0};
        float[] small = {1e-38f, 0, 0, 0, 0, 0, 0, 0};
        for (List<SplitSketch> sketches :
                List.of(
                        List.of(TestingSketches.of(none, none)),
                        List.of(
                                TestingSketches.of(same, same),
                                TestingSketches.of(same, same),
                                TestingSketches.of(none, same)),
                        List.of(
                                TestingSketches.of(small, small),
                                TestingSketches.of(large, large)))) {
            for (double damping : new double[] {1e-3, 1e6}) {
                DampedFisher fisher = new DampedFisher(sketches, damping);
                for (SplitSketch x : sketches) {
                    assertThat(GradientStatistics.align(x, sketches.get(0), fisher).value())
                            .isFinite();
                    assertThat(GradientStatistics.squaredNorm(x, fisher).pooled()).isFinite();
                }
            }
        }
    }

    private static double of(HalfProducts.Pairs pairs, int x, int y) {
        double[] all = {pairs.aa(), pairs.ab(), pairs.ba(), pairs.bb()};
        return all[2 * x + y];
    }

    private static double cosine(List<SplitSketch> sketches, HalfProducts products) {
        SplitSketch x = sketches.get(0);
        SplitSketch y = sketches.get(1);
        return GradientStatistics.align(x, y, products).value()
                / Math.sqrt(
                        GradientStatistics.squaredNorm(x, products).pooled()
                                * GradientStatistics.squaredNorm(y, products).pooled());
    }

    private List<float[]> halves(int sketches, int k) {
        List<float[]> halves = new ArrayList<>();
        for (int h = 0; h < 2 * sketches; h++) {
            halves.add(TestingSketches.exact(random, k));
        }
        return halves;
    }

    private static List<SplitSketch> sketches(List<float[]> halves) {
        List<SplitSketch> sketches = new ArrayList<>();
        for (int h = 0; h < halves.size(); h += 2) {
            sketches.add(TestingSketches.of(halves.get(h), halves.get(h + 1)));
        }
        return sketches;
    }

    /** lambda F^-1, by Gauss and Jordan. */
    private static double[][] denseInverse(List<float[]> halves, double damping) {
        int k = halves.get(0).length;
        int count = halves.size();
        double[][] rows = new double[k][2 * k];
        double trace = 0;
        for (float[] half : halves) {
            for (int x = 0; x < k; x++) {
                for (int y = 0; y < k; y++) {
                    rows[x][y] += (double) half[x] * half[y] / count;
                }
                trace += (double) half[x] * half[x] / count;
            }
        }
        double lambda = damping * trace / Math.min(k, count);
        for (int x = 0; x < k; x++) {
            rows[x][x] += lambda;
            rows[x][k + x] = lambda;
        }
        for (int x = 0; x < k; x++) {
            double pivot = rows[x][x];
            for (int y = 0; y < 2 * k; y++) {
                rows[x][y] /= pivot;
            }
            for (int z = 0; z < k; z++) {
                double factor = z == x ? 0 : rows[z][x];
                for (int y = 0; y < 2 * k; y++) {
                    rows[z][y] -= factor * rows[x][y];
                }
            }
        }
        double[][] inverse = new double[k][k];
        for (int x = 0; x < k; x++) {
            System.arraycopy(rows[x], k, inverse[x], 0, k);
        }
        return inverse;
    }

    private static double bilinear(float[] x, double[][] matrix, float[] y) {
        double sum = 0;
        for (int a = 0; a < x.length; a++) {
            for (int b = 0; b < y.length; b++) {
                sum += x[a] * matrix[a][b] * y[b];
            }
        }
        return sum;
    }
}
