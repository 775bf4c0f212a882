package io.sluice.core.policy;

import io.sluice.core.domain.Mixture;
import io.sluice.core.statistics.SeriesNoise;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeMap;

/**
 * Prior-scaled Boltzmann exploration: groups that made relative progress get more, and none forgets
 * its prior.
 *
 * <pre>
 * r_j = (before_j - after_j) / before_j              mean losses of two windows, min-max scaled to [0, 1]
 * Q_j = a Q_j + (1 - a) r_j
 * w_j = (1 - g) prior_j exp(beta Q_j) / sum_k prior_k exp(beta Q_k) + g / K
 * </pre>
 *
 * <p>Source: "DynamixSFT: Dynamic Mixture Optimization of Instruction Tuning Collections", arXiv
 * 2508.12116. Deviations:
 *
 * <ul>
 *   <li>There a virtual step on each group gives before and after. Taken here are the means of the
 *       group's training loss over two successive windows of rounds, which costs nothing, and
 *       measures progress under the whole mixture rather than the group's own.
 *   <li>Min-max scaling makes noise look like signal where all progress is equal. Unless {@code
 *       guard = 0}, rewards are drawn to the middle by {@code max(0, 1 - (2 e / range)^2)}, e the
 *       largest standard error of a reward; the noise is told from the bends of each loss ({@link
 *       SeriesNoise}).
 * </ul>
 *
 * <p>Between the ends of windows the last proposal stands.
 */
public final class DynamixPolicy implements MixingPolicy {

    static final String NAME = "dynamix";

    private static final String ROUNDS = "rounds";
    private static final String LOSSES = "window-losses";
    private static final String COUNTS = "window-counts";
    private static final String BEFORE = "losses-before";
    private static final String VALUES = "values";
    private static final String NOISE = "noise";
    private static final double MIDDLE = 0.5;

    private final double smoothing;
    private final double beta;
    private final double uniform;
    private final int window;
    private final boolean guard;

    DynamixPolicy(Options options) {
        smoothing = options.number("smoothing", 0.95, 0, 1 - 1e-6);
        beta = options.number("beta", 4, 0, 100);
        uniform = options.number("uniform", 0.3, 0, 1);
        window = options.count("window", 10, 1, 1_000_000);
        guard = options.flag("guard", true);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.GROUP_LOSSES);
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        RoundSnapshot.Losses losses = snapshot.losses();
        int m = losses.tokens().length;
        double rounds = memory.number(ROUNDS) + 1;
        double[] sums = memory.vector(LOSSES, m);
        double[] counts = memory.vector(COUNTS, m);
        double[] before = memory.vector(BEFORE, m);
        double[] noise = memory.vector(NOISE, m * SeriesNoise.FIELDS);
        double[] values = values(memory, m);
        for (int j = 0; j < m; j++) {
            if (losses.tokens()[j] > 0) {
                sums[j] += losses.group()[j];
                counts[j]++;
                double[] next = noise(noise, j).with(losses.group()[j]).toArray();
                System.arraycopy(next, 0, noise, j * SeriesNoise.FIELDS, SeriesNoise.FIELDS);
            }
        }
        if (rounds % window == 0) {
            endWindow(snapshot.worth().tokens(), sums, counts, before, noise, values);
            sums = new double[m];
            counts = new double[m];
        }
        TreeMap<String, double[]> vectors = new TreeMap<>();
        vectors.put(ROUNDS, new double[] {rounds});
        vectors.put(LOSSES, sums);
        vectors.put(COUNTS, counts);
        vectors.put(BEFORE, before);
        vectors.put(NOISE, noise);
        vectors.put(VALUES, values);
        return PolicyStep.weights(
                weights(snapshot.spec().prior(), values), values, new PolicyMemory(vectors));
    }

    /**
     * Moves values by the progress from the window before, and makes this one the window before.
     */
    private void endWindow(
            double[] worth,
            double[] sums,
            double[] counts,
            double[] before,
            double[] noise,
            double[] values) {
        int m = sums.length;
        double[] rewards = new double[m];
        double[] errors = new double[m];
        boolean[] known = new boolean[m];
        for (int j = 0; j < m; j++) {
            if (counts[j] > 0) {
                double after = sums[j] / counts[j];
                known[j] = before[j] > 0;
                if (known[j]) {
                    double progress = (before[j] - after) / before[j];
                    rewards[j] = progress > 0 ? worth[j] * progress : progress;
                    errors[j] = Math.sqrt(2 / counts[j]) * noise(noise, j).deviation() / before[j];
                }
                before[j] = after;
            }
        }
        double[] scaled = scale(rewards, errors, known);
        for (int j = 0; j < m; j++) {
            if (known[j]) {
                values[j] = smoothing * values[j] + (1 - smoothing) * scaled[j];
            }
        }
    }

    /** Rewards scaled to [0, 1], and drawn to the middle as far as they may be noise. */
    double[] scale(double[] rewards, double[] errors, boolean[] known) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        double error = 0;
        for (int j = 0; j < rewards.length; j++) {
            if (known[j]) {
                least = Math.min(least, rewards[j]);
                most = Math.max(most, rewards[j]);
                error = Math.max(error, errors[j]);
            }
        }
        double range = most - least;
        double trust = 1;
        if (guard) {
            double ratio = 2 * error / range;
            trust = Math.max(0, 1 - ratio * ratio);
        }
        double[] scaled = new double[rewards.length];
        for (int j = 0; j < rewards.length; j++) {
            boolean tells = known[j] && range > 0 && trust > 0;
            scaled[j] = tells ? MIDDLE + trust * ((rewards[j] - least) / range - MIDDLE) : MIDDLE;
        }
        return scaled;
    }

    /** {@code (1 - g) prior exp(beta Q) / sum + g / K}. */
    double[] weights(Mixture prior, double[] values) {
        int m = values.length;
        double largest = Arrays.stream(values).max().orElse(0);
        double[] weights = new double[m];
        double sum = 0;
        for (int j = 0; j < m; j++) {
            weights[j] = prior.weight(j) * StrictMath.exp(beta * (values[j] - largest));
            sum += weights[j];
        }
        for (int j = 0; j < m; j++) {
            weights[j] = (1 - uniform) * weights[j] / sum + uniform / m;
        }
        return weights;
    }

    private static double[] values(PolicyMemory memory, int m) {
        double[] stored = memory.vectors().get(VALUES);
        if (stored != null && stored.length == m) {
            return stored.clone();
        }
        double[] values = new double[m];
        Arrays.fill(values, MIDDLE);
        return values;
    }

    private static SeriesNoise noise(double[] stored, int j) {
        return SeriesNoise.of(stored, j * SeriesNoise.FIELDS);
    }
}
