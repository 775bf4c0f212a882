package io.sluice.core.solver;

import io.sluice.core.testing.RandomBox;
import java.util.Arrays;
import java.util.Random;

/** A random program of the kind that groups and targets make, which {@code inside} can keep. */
final class RandomProgram {

    final MixtureProgram program;

    /** A mixture that keeps the box and the rows. */
    final double[] inside;

    RandomProgram(Random random, int m, int targets, double strength) {
        double[][] rows = rows(random, m, targets);
        inside = RandomBox.simplex(random, m);
        double[] floors = new double[m];
        double[] caps = new double[m];
        boolean boxed = random.nextBoolean();
        for (int j = 0; j < m; j++) {
            floors[j] = boxed ? inside[j] / 4 : 0;
            caps[j] = boxed ? Math.min(1, 4 * inside[j]) : 1;
        }
        double[] gain = new double[m];
        double[] bounds = new double[targets];
        for (int i = 0; i < targets; i++) {
            for (int j = 0; j < m; j++) {
                gain[j] += rows[i][j];
                bounds[i] += rows[i][j] * inside[j];
            }
        }
        double[] reference = inside.clone();
        if (random.nextBoolean()) {
            Arrays.fill(reference, 1.0 / m);
        }
        MixtureProgram plain =
                MixtureProgram.of(gain, strength, reference, floors, caps)
                        .balancing(random.nextInt(3), rows)
                        .requiring(rows, bounds);
        program =
                random.nextBoolean()
                        ? plain
                        : plain.penalising(rows(random, m, 1 + random.nextInt(4)));
    }

    /** Rows that agree in part, scaled to a largest entry of 1. */
    private static double[][] rows(Random random, int m, int n) {
        double[] shared = new double[m];
        for (int j = 0; j < m; j++) {
            shared[j] = random.nextGaussian();
        }
        double[][] rows = new double[n][m];
        for (double[] row : rows) {
            double largest = 0;
            for (int j = 0; j < m; j++) {
                row[j] = 0.5 * shared[j] + random.nextGaussian();
                largest = Math.max(largest, Math.abs(row[j]));
            }
            for (int j = 0; j < m; j++) {
                row[j] /= largest;
            }
        }
        return rows;
    }
}
