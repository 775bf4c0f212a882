package io.sluice.core.policy;

import io.sluice.core.linear.Cholesky;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * How much groups teach the same: cosines between the gradients of groups, averaged over rounds.
 *
 * <p>The diagonal comes from the two halves of a group's gradient and the rest from all of it, so
 * that every entry is unbiased but for the scale, which is that of the pooled norms: the diagonal
 * is the share of a squared norm that is not noise. Such a matrix K need not be positive
 * semidefinite, and a program with it need not be convex. Taken is therefore
 *
 * <pre>
 * K(u) = u K + (1 - u) I        with the largest u in [0, 1] that makes it positive semidefinite
 * </pre>
 *
 * <p>which keeps the sign and the order of all pairs, and gives noise back to the diagonal first
 * where nothing else is wrong. A group that was never measured stands where the mean of the others
 * stands.
 */
final class GroupGram {

    private static final String GRAM = "gram";
    private static final String MEASURED = "gram-measured";
    private static final int BISECTIONS = 40;

    private final double[] measured;
    private final double[] lower;

    private GroupGram(double[] measured, double[] lower) {
        this.measured = measured;
        this.lower = lower;
    }

    /** What is known by now: the memory's, and the round's where it has one. */
    static GroupGram of(RoundSnapshot snapshot, PolicyMemory memory) {
        int m = snapshot.spec().groups().size();
        GroupGram gram =
                new GroupGram(memory.vector(MEASURED, m), memory.vector(GRAM, m * (m + 1) / 2));
        snapshot.geometry()
                .filter(geometry -> geometry.gram().length == m)
                .ifPresent(g -> gram.average(g, snapshot.spec().guards().signalDecay()));
        return gram;
    }

    /** Writes it down for the next round. */
    void remember(Map<String, double[]> vectors) {
        vectors.put(GRAM, lower);
        vectors.put(MEASURED, measured);
    }

    /**
     * Rows F with {@code F^T F = price K(u)}; none while nothing was measured.
     *
     * @param price positive
     */
    double[][] factors(double price) {
        int m = measured.length;
        int[] known = knownGroups();
        double[][] factors = new double[known.length][m];
        double[][] upper = upper(known);
        for (int r = 0; r < known.length; r++) {
            double sum = 0;
            for (int a = 0; a < known.length; a++) {
                upper[r][a] *= Math.sqrt(price);
                sum += upper[r][a];
            }
            Arrays.fill(factors[r], sum / known.length);
            for (int a = 0; a < known.length; a++) {
                factors[r][known[a]] = upper[r][a];
            }
        }
        return factors;
    }

    private void average(RoundSnapshot.Geometry geometry, double decay) {
        for (int j = 0; j < measured.length; j++) {
            for (int k = 0; k <= j; k++) {
                if (geometry.measured()[j] && geometry.measured()[k]) {
                    int at = at(j, k);
                    // 0 until both groups were measured in one round.
                    double b = lower[at] == 0 ? 1 : decay;
                    lower[at] = (1 - b) * lower[at] + b * geometry.gram()[j][k];
                }
            }
        }
        for (int j = 0; j < measured.length; j++) {
            measured[j] = geometry.measured()[j] ? 1 : measured[j];
        }
    }

    private double[][] upper(int[] known) {
        Optional<Cholesky> whole = shrunk(known, 1);
        if (whole.isPresent()) {
            return whole.get().upper();
        }
        double least = 0;
        double most = 1;
        Cholesky best = shrunk(known, 0).orElseThrow();
        for (int k = 0; k < BISECTIONS; k++) {
            double u = (least + most) / 2;
            Optional<Cholesky> found = shrunk(known, u);
            if (found.isPresent()) {
                best = found.get();
                least = u;
            } else {
                most = u;
            }
        }
        return best.upper();
    }

    /** The factor of K(u); empty where that is not positive definite to working precision. */
    private Optional<Cholesky> shrunk(int[] known, double u) {
        double[][] matrix = new double[known.length][known.length];
        for (int a = 0; a < known.length; a++) {
            for (int b = 0; b <= a; b++) {
                matrix[a][b] = u * lower[at(known[a], known[b])] + (a == b ? 1 - u : 0);
            }
        }
        return Cholesky.of(matrix);
    }

    private int[] knownGroups() {
        int[] known = new int[measured.length];
        int count = 0;
        for (int j = 0; j < measured.length; j++) {
            if (measured[j] > 0) {
                known[count++] = j;
            }
        }
        return Arrays.copyOf(known, count);
    }

    private static int at(int j, int k) {
        return j * (j + 1) / 2 + k;
    }
}
