package io.sluice.core.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal;
import io.sluice.core.testing.TestingRun;
import io.sluice.core.testing.TestingSignals;
import io.sluice.core.testing.TestingSketches;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GradientStatisticsTest {

    private static final int K = 64;

    private final RunSpec spec = TestingRun.ofPriors(1).target("t", 1).dimension(K).build();
    private final TestingSignals signals =
            new TestingSignals(spec, TestingRun.attempt(spec, 1, 0, "r0"));
    private final Subject group = Subject.of(spec.groups().get(0).id());
    private final Random random = new Random(3);

    @Test
    void contributionsAreSummedPerHalf() {
        SplitSketch split = new SplitSketch();
        split.add(signal(0, 2, constant(2)));
        split.add(signal(0, 6, constant(10)));
        split.add(signal(1, 8, constant(16)));
        SplitSketch ones = new SplitSketch();
        ones.add(signal(0, 1, constant(1)));
        ones.add(signal(1, 3, constant(3)));

        // Per-token means 12/8 and 16/8 in equal shares.
        assertThat(GradientStatistics.align(split, ones).value()).isEqualTo(K * 1.75);
        assertThat(GradientStatistics.align(split, ones).variance())
                .isEqualTo(0.25 * (0.5 * K) * (0.5 * K));
        assertThat(GradientStatistics.squaredNorm(split))
                .isEqualTo(new GradientStatistics.SquaredNorm(K * 1.75 * 1.75, K * 1.5 * 2.0));
    }

    @Test
    void aHalfThatIsMissingCannotBeCompared() {
        SplitSketch split = new SplitSketch();
        assertThat(split.isSplit()).isFalse();
        split.add(signal(0, 2, constant(1)));
        assertThat(split.isSplit()).isFalse();
        split.add(signal(1, 2, constant(1)));
        assertThat(split.isSplit()).isTrue();
    }

    /**
     * Gradients with independent noise s^2 per token and coordinate, halves of unequal size. The
     * true variance is {@code s^2 |v|^2 / N + t^2 |g|^2 / M + K s^2 t^2 / (N M)}; the estimate
     * counts the last term twice.
     */
    @Test
    void estimatesAreUnbiasedForHalvesOfUnequalSize() {
        float[] g = direction(1.0);
        float[] v = direction(0.5);
        double s = 2;
        double t = 3;
        long[] n = {300, 900};
        long[] m = {700, 200};
        long bigN = 1200;
        long bigM = 900;
        double gg = TestingSketches.dot(g, g);
        double vv = TestingSketches.dot(v, v);
        double gv = TestingSketches.dot(g, v);
        double both = K * s * s * t * t / (bigN * bigM);
        double expected = s * s * vv / bigN + t * t * gg / bigM + both;

        int trials = 20_000;
        double sum = 0;
        double squares = 0;
        double variances = 0;
        double pooled = 0;
        double unbiased = 0;
        for (int i = 0; i < trials; i++) {
            SplitSketch a = sample(g, s, n);
            SplitSketch b = sample(v, t, m);
            GradientStatistics.Product product = GradientStatistics.align(a, b);
            sum += product.value() - gv;
            squares += (product.value() - gv) * (product.value() - gv);
            variances += product.variance();
            pooled += GradientStatistics.squaredNorm(a).pooled();
            unbiased += GradientStatistics.squaredNorm(a).unbiased();
        }
        assertThat(sum / trials).isEqualTo(0, within(4 * Math.sqrt(expected / trials)));
        assertThat(squares / trials / expected).isEqualTo(1, within(0.05));
        assertThat(variances / trials / (expected + both)).isEqualTo(1, within(0.05));
        assertThat(pooled / trials).isEqualTo(gg + K * s * s / bigN, within(0.01));
        assertThat(unbiased / trials).isEqualTo(gg, within(0.01));
    }

    @Test
    void fourProductsAtOnceAreThoseOfEachPair() {
        for (int size = 0; size < 40; size++) {
            float[][] first = {gaussian(size), gaussian(size)};
            float[][] second = {gaussian(size), gaussian(size)};

            double[] pairs = Dot.pairs(widened(first), widened(second));

            for (int pair = 0; pair < pairs.length; pair++) {
                double product = TestingSketches.dot(first[pair / 2], second[pair % 2]);
                assertThat(pairs[pair]).isEqualTo(product, within(1e-13));
            }
            // The order of its terms, and so every bit, is independent of what else is multiplied.
            double[] swapped = Dot.pairs(widened(second), widened(first));
            assertThat(swapped).containsExactly(pairs[0], pairs[2], pairs[1], pairs[3]);
        }
    }

    /** Another order would change the last bits of recorded decisions, and replays with them. */
    @Test
    void theOrderOfSummationIsPinned() {
        double[][] rows = new double[4][8191];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < rows[row].length; i++) {
                rows[row][i] = StrictMath.sin(1 + row + 4.0 * i);
            }
        }

        assertThat(Dot.pairs(new double[][] {rows[0], rows[1]}, new double[][] {rows[2], rows[3]}))
                .containsExactly(
                        -1704.1267212214252,
                        -4054.4632279503503,
                        2212.85913555974,
                        -1704.4768608487889);
    }

    @Test
    void aSketchThatWasClearedIsAsNew() {
        SplitSketch used = new SplitSketch();
        used.add(signal(0, 7, gaussian(K)));
        used.add(signal(1, 7, gaussian(K)));
        used.clear();
        assertThat(used.isSplit()).isFalse();
        SplitSketch fresh = new SplitSketch();
        for (SplitSketch sketch : new SplitSketch[] {used, fresh}) {
            sketch.add(signal(0, 2, constant(3)));
            sketch.add(signal(0, 1, constant(5)));
            sketch.add(signal(1, 4, constant(7)));
        }

        assertThat(GradientStatistics.squaredNorm(used))
                .isEqualTo(GradientStatistics.squaredNorm(fresh));
    }

    private float[] gaussian(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double[][] widened(float[][] values) {
        double[][] widened = new double[values.length][values[0].length];
        for (int row = 0; row < values.length; row++) {
            for (int i = 0; i < values[row].length; i++) {
                widened[row][i] = values[row][i];
            }
        }
        return widened;
    }

    private SplitSketch sample(float[] mean, double sigma, long[] tokens) {
        SplitSketch split = new SplitSketch();
        for (int part = 0; part < 2; part++) {
            float[] sum = new float[K];
            for (int b = 0; b < K; b++) {
                sum[b] =
                        (float)
                                (tokens[part] * mean[b]
                                        + Math.sqrt(tokens[part]) * sigma * random.nextGaussian());
            }
            split.add(signal(part, tokens[part], sum));
        }
        return split;
    }

    private float[] direction(double length) {
        float[] values = new float[K];
        for (int b = 0; b < K; b++) {
            values[b] = (float) (length / Math.sqrt(K) * (b % 2 == 0 ? 1 : 0.5));
        }
        return values;
    }

    private Signal signal(int part, long tokens, float[] sum) {
        return signals.signal(0, group, "r0", part, tokens, 1, sum);
    }

    private static float[] constant(float value) {
        float[] values = new float[K];
        Arrays.fill(values, value);
        return values;
    }
}
