package io.sluice.core.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CholeskyTest {

    @Property
    void solvesWhatItWasGiven(@ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int d) {
        Random random = new Random(seed);
        double[][] matrix = positive(random, d);
        double[] x = new double[d];
        double[] right = new double[d];
        for (int i = 0; i < d; i++) {
            x[i] = random.nextGaussian();
        }
        for (int i = 0; i < d; i++) {
            for (int k = 0; k < d; k++) {
                right[i] += matrix[i][k] * x[k];
            }
        }

        assertThat(Cholesky.of(matrix).orElseThrow().solve(right)).containsExactly(x, within(1e-6));
    }

    @Test
    void rowsOfVeryDifferentSizesDoNoHarm() {
        double[][] matrix = {{1e-20, 0}, {1e-1, 4e18}};

        double[] x = Cholesky.of(matrix).orElseThrow().solve(new double[] {1e-20 + 1e-1, 4e18});

        assertThat(x[1]).isEqualTo(1, within(1e-9));
    }

    @Test
    void refusesWhatIsNotPositiveDefinite() {
        assertThat(Cholesky.of(new double[][] {{1, 0}, {2, 1}})).isEmpty();
        assertThat(Cholesky.of(new double[][] {{0}})).isEmpty();
        assertThat(Cholesky.of(new double[][] {{-1}})).isEmpty();
        assertThat(Cholesky.of(new double[][] {{1, 0}, {1, 1}})).isEmpty();
        assertThat(Cholesky.of(new double[][] {{Double.NaN}})).isEmpty();
        assertThat(Cholesky.of(new double[][] {{1, 0}, {Double.NaN, 1}})).isEmpty();
    }

    private static double[][] positive(Random random, int d) {
        double[][] root = new double[d][d + 2];
        for (double[] row : root) {
            for (int k = 0; k < row.length; k++) {
                row[k] = random.nextGaussian();
            }
        }
        double[][] matrix = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int k = 0; k < d; k++) {
                for (int l = 0; l < d + 2; l++) {
                    matrix[i][k] += root[i][l] * root[k][l];
                }
            }
            matrix[i][i] += 0.01;
        }
        return matrix;
    }
}
