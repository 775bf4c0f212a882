package io.sluice.core.linear;

import java.util.Optional;

/**
 * The factor L of a small symmetric positive definite matrix, {@code A = L L^T}, and solutions with
 * it. The matrix is first scaled to a unit diagonal, so that rows of very different sizes do no
 * harm.
 */
public final class Cholesky {

    private static final double LEAST_PIVOT = 1e-14;

    private final double[][] factor;
    private final double[] scale;

    private Cholesky(double[][] factor, double[] scale) {
        this.factor = factor;
        this.scale = scale;
    }

    /**
     * Factors {@code matrix}, of which only the lower triangle is read.
     *
     * @return empty when the matrix is not positive definite to working precision, or not finite
     */
    public static Optional<Cholesky> of(double[][] matrix) {
        int d = matrix.length;
        double[] scale = new double[d];
        for (int i = 0; i < d; i++) {
            if (!(matrix[i][i] > 0 && matrix[i][i] < Double.POSITIVE_INFINITY)) {
                return Optional.empty();
            }
            scale[i] = 1 / Math.sqrt(matrix[i][i]);
        }
        double[][] factor = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = i == j ? 1 : matrix[i][j] * scale[i] * scale[j];
                for (int k = 0; k < j; k++) {
                    sum -= factor[i][k] * factor[j][k];
                }
                if (i != j) {
                    factor[i][j] = sum / factor[j][j];
                } else if (sum > LEAST_PIVOT) {
                    factor[i][i] = Math.sqrt(sum);
                } else {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new Cholesky(factor, scale));
    }

    /** The rows of L^T: row r holds the entries of column r of L. */
    public double[][] upper() {
        int d = scale.length;
        double[][] rows = new double[d][d];
        for (int r = 0; r < d; r++) {
            for (int i = r; i < d; i++) {
                rows[r][i] = factor[i][r] / scale[i];
            }
        }
        return rows;
    }

    /** The x with {@code A x = right}. */
    public double[] solve(double[] right) {
        int d = right.length;
        double[] x = new double[d];
        for (int i = 0; i < d; i++) {
            double sum = right[i] * scale[i];
            for (int k = 0; k < i; k++) {
                sum -= factor[i][k] * x[k];
            }
            x[i] = sum / factor[i][i];
        }
        for (int i = d - 1; i >= 0; i--) {
            double sum = x[i];
            for (int k = i + 1; k < d; k++) {
                sum -= factor[k][i] * x[k];
            }
            x[i] = sum / factor[i][i];
        }
        for (int i = 0; i < d; i++) {
            x[i] *= scale[i];
        }
        return x;
    }
}
