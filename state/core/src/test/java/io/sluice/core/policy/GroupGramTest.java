package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GroupGramTest {

    @Test
    void factorsOfASemidefiniteMatrixAreItsOwn() {
        double[][] gram = {{.9, .3, -.2}, {.3, .8, .1}, {-.2, .1, .5}};

        assertClose(
                quadratic(factors(all(gram), 2)),
                new double[][] {{1.8, .6, -.4}, {.6, 1.6, .2}, {-.4, .2, 1}},
                1e-12);
    }

    /** The halves of two groups disagree so much that more is shared than there is. */
    @Test
    void aMatrixThatIsNotSemidefiniteIsDrawnToTheIdentityByTheLeast() {
        double[][] gram = {{.2, .6}, {.6, .3}};
        // det(u K + (1 - u) I) = (1 - .8 u)(1 - .7 u) - .36 u^2 = 1 - 1.5 u + .2 u^2
        double u = (1.5 - Math.sqrt(1.5 * 1.5 - .8)) / .4;

        assertClose(
                quadratic(factors(all(gram), 1)),
                new double[][] {{1 - .8 * u, .6 * u}, {.6 * u, 1 - .7 * u}},
                1e-9);
    }

    @Test
    void anyEntriesGiveAQuadraticThatIsNeverNegative() {
        Random random = new Random(4);
        for (int trial = 0; trial < 100; trial++) {
            int m = 1 + random.nextInt(12);
            double[][] gram = new double[m][m];
            for (int j = 0; j < m; j++) {
                for (int k = 0; k <= j; k++) {
                    gram[j][k] = 2 * random.nextDouble() - 1;
                    gram[k][j] = gram[j][k];
                }
            }
            double[][] quadratic = quadratic(factors(all(gram), 1));
            for (int j = 0; j < m; j++) {
                assertThat(quadratic[j][j]).isBetween(0.0, 1 + 1e-12);
                for (int k = 0; k < j; k++) {
                    assertThat(quadratic[j][k]).isFinite();
                    assertThat(quadratic[j][k] * gram[j][k]).isGreaterThanOrEqualTo(-1e-12);
                }
            }
        }
    }

    @Test
    void aGroupThatWasNeverMeasuredStandsAtTheMeanOfTheOthers() {
        double[][] gram = {{1, .5, 0}, {.5, .9, 0}, {0, 0, 0}};
        RoundSnapshot.Geometry seen =
                new RoundSnapshot.Geometry(
                        new boolean[] {true, true, false}, new double[0][], new double[0][], gram);

        double[][] quadratic = quadratic(factors(seen, 1));

        assertThat(quadratic[2][0]).isEqualTo((1 + .5) / 2, within(1e-12));
        assertThat(quadratic[2][1]).isEqualTo((.5 + .9) / 2, within(1e-12));
        assertThat(quadratic[2][2]).isEqualTo((1 + .5 + .5 + .9) / 4, within(1e-12));
    }

    @Test
    void nothingMeasuredIsNoQuadratic() {
        RunSpec spec = TestingRun.ofPriors(.5, .5).target("t", 1).build();

        assertThat(GroupGram.of(TestingSnapshot.of(spec).build(), PolicyMemory.EMPTY).factors(1))
                .isEmpty();
    }

    @Test
    void entriesAreAveragedOverRounds() {
        RunSpec spec = TestingRun.ofPriors(.5, .5).target("t", 1).build();
        PolicyMemory memory = PolicyMemory.EMPTY;
        for (double shared : new double[] {.5, .1}) {
            TreeMap<String, double[]> vectors = new TreeMap<>();
            GroupGram.of(
                            TestingSnapshot.of(spec)
                                    .geometry(all(new double[][] {{1, shared}, {shared, 1}}))
                                    .build(),
                            memory)
                    .remember(vectors);
            memory = new PolicyMemory(vectors);
        }

        double b = spec.guards().signalDecay();
        assertThat(memory.vectors().get("gram"))
                .containsExactly(new double[] {1, (1 - b) * .5 + b * .1, 1}, within(1e-15));
    }

    private static double[][] factors(RoundSnapshot.Geometry seen, double price) {
        double[] priors = new double[seen.measured().length];
        Arrays.fill(priors, 1.0 / priors.length);
        RunSpec spec = TestingRun.ofPriors(priors).target("t", 1).build();
        return GroupGram.of(TestingSnapshot.of(spec).geometry(seen).build(), PolicyMemory.EMPTY)
                .factors(price);
    }

    private static RoundSnapshot.Geometry all(double[][] gram) {
        boolean[] measured = new boolean[gram.length];
        Arrays.fill(measured, true);
        return new RoundSnapshot.Geometry(measured, new double[0][], new double[0][], gram);
    }

    /** {@code F^T F}. */
    private static double[][] quadratic(double[][] factors) {
        int m = factors[0].length;
        double[][] quadratic = new double[m][m];
        for (double[] row : factors) {
            for (int j = 0; j < m; j++) {
                for (int k = 0; k < m; k++) {
                    quadratic[j][k] += row[j] * row[k];
                }
            }
        }
        return quadratic;
    }

    private static void assertClose(double[][] matrix, double[][] expected, double tolerance) {
        for (int j = 0; j < expected.length; j++) {
            assertThat(matrix[j]).containsExactly(expected[j], within(tolerance));
        }
    }
}
