package io.sluice.core.policy;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import java.util.Arrays;

/**
 * Alignments made fit for steering: shrunk by their noise, and scaled.
 *
 * <p>Each row is drawn towards its mean over groups by {@code signal variance / (signal variance +
 * error variance)}, and divided by a positive, noise-aware scale {@code max(max_j |S_ij|, 3
 * median_j error_ij)} over the groups that are free to move: without it late rounds, where all
 * alignments are small, amplify noise, and a group at its cap compresses the differences between
 * the others. What helps is multiplied by what the group's next token is worth. A signed maximum
 * would turn the order round where all entries of a row are negative.
 *
 * @param rows {@code rows[target][group]}, within [-1, 1] for groups that are free to move
 * @param errors one standard error of each, 0 where the group was never measured
 */
record AlignmentScores(double[][] rows, double[][] errors) {

    private static final double AT_CAP = 1 - 1e-9;
    private static final double ERRORS_IN_SCALE = 3;

    static AlignmentScores of(RoundSnapshot snapshot) {
        RunSpec spec = snapshot.spec();
        RoundSnapshot.Alignments alignments = snapshot.alignments();
        boolean[] free = free(spec, snapshot.inForce());
        int n = spec.targets().size();
        int m = spec.groups().size();
        double[][] rows = new double[n][];
        double[][] errors = new double[n][m];
        for (int i = 0; i < n; i++) {
            double[] rowErrors = alignments.standardError()[i];
            rows[i] = shrink(alignments.mean()[i], rowErrors, alignments.measured());
            double scale = scale(rows[i], rowErrors, alignments.measured(), free);
            for (int j = 0; j < m; j++) {
                rows[i][j] /= scale;
                if (rows[i][j] > 0) {
                    rows[i][j] *= snapshot.worth().tokens()[j];
                }
                errors[i][j] = alignments.measured()[j] ? rowErrors[j] / scale : 0;
            }
        }
        return new AlignmentScores(rows, errors);
    }

    /** {@code sum_i weights_i rows_i}. */
    double[] sum(double[] weights) {
        double[] sum = new double[groups()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < sum.length; j++) {
                sum[j] += weights[i] * rows[i][j];
            }
        }
        return sum;
    }

    /** One standard error of each entry of {@link #sum}. */
    double[] sumErrors(double[] weights) {
        double[] sum = new double[groups()];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < sum.length; j++) {
                double error = weights[i] * errors[i][j];
                sum[j] += error * error;
            }
        }
        for (int j = 0; j < sum.length; j++) {
            sum[j] = Math.sqrt(sum[j]);
        }
        return sum;
    }

    private int groups() {
        return rows[0].length;
    }

    /** Groups below their cap; all of them when none is. */
    private static boolean[] free(RunSpec spec, Mixture inForce) {
        boolean[] free = new boolean[spec.groups().size()];
        boolean any = false;
        for (int j = 0; j < free.length; j++) {
            free[j] = inForce.weight(j) < spec.groups().get(j).cap() * AT_CAP;
            any |= free[j];
        }
        if (!any) {
            Arrays.fill(free, true);
        }
        return free;
    }

    /**
     * Entries drawn towards the row's mean by their noise; groups never measured sit at the mean.
     */
    static double[] shrink(double[] row, double[] errors, boolean[] measured) {
        double mean = 0;
        int count = 0;
        for (int j = 0; j < row.length; j++) {
            if (measured[j]) {
                mean += row[j];
                count++;
            }
        }
        double[] shrunk = new double[row.length];
        if (count == 0) {
            return shrunk;
        }
        mean /= count;
        double total = 0;
        double noise = 0;
        for (int j = 0; j < row.length; j++) {
            if (measured[j]) {
                total += (row[j] - mean) * (row[j] - mean) / Math.max(count - 1, 1);
                noise += errors[j] * errors[j] / count;
            }
        }
        double signal = Math.max(total - noise, 0);
        for (int j = 0; j < row.length; j++) {
            double variance = signal + errors[j] * errors[j];
            boolean keep = measured[j] && variance > 0;
            shrunk[j] = mean + (keep ? (row[j] - mean) * signal / variance : 0);
        }
        return shrunk;
    }

    private static double scale(double[] row, double[] errors, boolean[] measured, boolean[] free) {
        double largest = 0;
        double[] known = new double[row.length];
        int count = 0;
        for (int j = 0; j < row.length; j++) {
            if (free[j]) {
                largest = Math.max(largest, Math.abs(row[j]));
                if (measured[j]) {
                    known[count++] = errors[j];
                }
            }
        }
        double median = 0;
        if (count > 0) {
            Arrays.sort(known, 0, count);
            median = (known[(count - 1) / 2] + known[count / 2]) / 2;
        }
        double scale = Math.max(largest, ERRORS_IN_SCALE * median);
        return scale > 0 ? scale : 1;
    }
}
