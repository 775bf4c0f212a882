package io.sluice.core.policy;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import java.util.Arrays;

/**
 * Dynamic gradient alignment: a mirror step towards the groups whose gradients point where the
 * targets' gradients point.
 *
 * <pre>
 * a_j = sum_i z_i S_ij / scale_i          w'_j proportional to w_j exp(eta a_j)
 * </pre>
 *
 * <p>Source: Fan, Grangier and Ablin, "Dynamic Gradient Alignment for Online Data Mixing", arXiv
 * 2410.02498, which takes one target and derives the step from {@code argmax <w', a> - KL(w' ||
 * w)/eta}; z are the targets' weights. Deviations:
 *
 * <ul>
 *   <li>S are cosines rather than inner products, because inner products rank groups by the length
 *       of their gradients.
 *   <li>The exponent has a plus, as the derivation demands; the paper's listing is reported to
 *       print a minus.
 *   <li>The signal is averaged over rounds (by the controller) instead of the weights, which
 *       removes noise before the exponential; the option {@code weight-ema} averages the weights as
 *       well, as the paper does.
 *   <li>Each row is shrunk towards its mean over groups by {@code signal variance / (signal
 *       variance + error variance)}, and divided by a positive, noise-aware scale {@code max(max_j
 *       |S_ij|, 3 median_j error_ij)} over the groups that are free to move: without it late
 *       rounds, where all alignments are small, amplify noise, and a group at its cap compresses
 *       the differences between the others.
 * </ul>
 */
public final class DgaPolicy implements MixingPolicy {

    static final String NAME = "dga";

    private static final double AT_CAP = 1 - 1e-9;
    private static final double ERRORS_IN_SCALE = 3;

    private final double eta;
    private final double weightEma;

    /**
     * @param eta step size, positive: too small and the mixture does not move within the run, too
     *     large and it follows noise. The fixed point under a prior pull tau is {@code prior *
     *     exp(a eta / tau)}
     * @param weightEma weight in (0, 1] of the new mixture against the one in force
     */
    public DgaPolicy(double eta, double weightEma) {
        if (!(eta > 0 && eta <= 100)) {
            throw new IllegalArgumentException("policy dga: eta " + eta + " is not in (0, 100]");
        }
        if (!(weightEma > 0 && weightEma <= 1)) {
            throw new IllegalArgumentException(
                    "policy dga: weight-ema " + weightEma + " is not in (0, 1]");
        }
        this.eta = eta;
        this.weightEma = weightEma;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        RunSpec spec = snapshot.spec();
        RoundSnapshot.Alignments alignments = snapshot.alignments();
        boolean[] free = free(spec, snapshot.inForce());
        int m = spec.groups().size();
        double[] scores = new double[m];
        double[] variances = new double[m];
        for (int i = 0; i < spec.targets().size(); i++) {
            double[] row =
                    shrink(
                            alignments.mean()[i],
                            alignments.standardError()[i],
                            alignments.measured());
            double scale = scale(row, alignments.standardError()[i], alignments.measured(), free);
            double weight = spec.targets().get(i).weight() / scale;
            for (int j = 0; j < m; j++) {
                scores[j] += weight * row[j];
                if (alignments.measured()[j]) {
                    double error = weight * alignments.standardError()[i][j];
                    variances[j] += error * error;
                }
            }
        }
        double[] errors = new double[m];
        for (int j = 0; j < m; j++) {
            errors[j] = Math.sqrt(variances[j]);
        }
        return new PolicyStep(propose(snapshot.inForce(), scores), scores, errors, memory);
    }

    private double[] propose(Mixture inForce, double[] scores) {
        int m = scores.length;
        double[] logWeights = new double[m];
        for (int j = 0; j < m; j++) {
            logWeights[j] = LogWeights.log(inForce.weight(j)) + eta * scores[j];
        }
        if (weightEma < 1) {
            double[] moved = LogWeights.softmax(logWeights);
            for (int j = 0; j < m; j++) {
                logWeights[j] =
                        LogWeights.log((1 - weightEma) * inForce.weight(j) + weightEma * moved[j]);
            }
        }
        return logWeights;
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
