package io.sluice.core.solver;

import io.sluice.core.sketch.Hashes;
import java.util.Arrays;

/**
 * A program of the kind that groups and targets make, from a seed: for benchmarks, and for vectors
 * that a general-purpose solver made ({@code trainer-bridge/python/bench/slsqp.py} makes the same
 * programs). Some have bounds, a prior for a reference, a price on spread, or a quadratic term.
 *
 * <pre>
 * u(stream, k) = mix64(seed, stream, k) / 2^64, to 53 bits
 * row_ij = (shared_j / 2 + own_ij) / largest of the row           shared and own in [-1, 1)
 * bound_i = row_i . inside - 0.01                                 inside is a mixture that keeps all
 * </pre>
 */
public final class SampleProgram {

    private static final long SHARED = 1;
    private static final long ROWS = 2;
    private static final long INSIDE = 1_000;
    private static final long FACTORS = 2_000;
    private static final double SLACK = 0.01;

    private SampleProgram() {}

    /**
     * @param seed which program
     * @param m groups
     * @param n targets
     * @param strength weight of the divergence
     */
    public static MixtureProgram of(long seed, int m, int n, double strength) {
        double[] inside = inside(seed, m);
        double[][] rows = rows(seed, ROWS, m, n);
        double[] floors = new double[m];
        double[] caps = new double[m];
        double[] gain = new double[m];
        double[] bounds = new double[n];
        boolean boxed = seed % 2 == 0;
        for (int j = 0; j < m; j++) {
            floors[j] = boxed ? inside[j] / 4 : 0;
            caps[j] = boxed ? Math.min(1, 4 * inside[j]) : 1;
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                gain[j] += rows[i][j];
                bounds[i] += rows[i][j] * inside[j];
            }
            bounds[i] -= SLACK;
        }
        double[] reference = inside.clone();
        if (seed % 4 >= 2) {
            Arrays.fill(reference, 1.0 / m);
        }
        MixtureProgram plain =
                MixtureProgram.of(gain, strength, reference, floors, caps)
                        .balancing(seed % 3, rows)
                        .requiring(rows, bounds);
        return seed % 5 == 0 ? plain.penalising(rows(seed, FACTORS, m, 2)) : plain;
    }

    /** A mixture that keeps the box and the rows of the program of this seed. */
    public static double[] inside(long seed, int m) {
        double[] inside = new double[m];
        double sum = 0;
        for (int j = 0; j < m; j++) {
            inside[j] = uniform(seed, INSIDE, j) + 0.05;
            sum += inside[j];
        }
        for (int j = 0; j < m; j++) {
            inside[j] /= sum;
        }
        return inside;
    }

    private static double[][] rows(long seed, long stream, int m, int n) {
        double[][] rows = new double[n][m];
        for (int i = 0; i < n; i++) {
            double largest = 0;
            for (int j = 0; j < m; j++) {
                double shared = 2 * uniform(seed, SHARED, j) - 1;
                double own = 2 * uniform(seed, stream + i, j) - 1;
                rows[i][j] = 0.5 * shared + own;
                largest = Math.max(largest, Math.abs(rows[i][j]));
            }
            for (int j = 0; j < m; j++) {
                rows[i][j] /= largest;
            }
        }
        return rows;
    }

    private static double uniform(long seed, long stream, long k) {
        return (Hashes.mix64(seed, stream, k) >>> 11) * 0x1p-53;
    }
}
