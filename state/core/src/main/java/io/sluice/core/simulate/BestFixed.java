package io.sluice.core.simulate;

import io.sluice.core.guard.MixtureBox;
import java.util.Arrays;

/**
 * The fixed mixture with the lowest mean loss at the end of a scenario: what a policy could reach
 * if it knew the law beforehand and could not change its mind.
 *
 * <p>The final loss is a convex function of the mixture, so that exponentiated gradients with a
 * step that shrinks where it fails to help end at its minimum.
 */
public final class BestFixed {

    private static final int STEPS = 5_000;
    private static final double LEAST_STEP = 1e-9;

    private BestFixed() {}

    /**
     * @param rounds rounds of training
     * @param floor least share of every group
     * @param caps largest share of every group
     */
    public static double[] mixture(Scenario scenario, int rounds, double floor, double[] caps) {
        double[] floors = new double[scenario.size()];
        double[] equal = new double[scenario.size()];
        Arrays.fill(floors, floor);
        Arrays.fill(equal, 1.0 / scenario.size());
        MixtureBox box = new MixtureBox(floors, caps);
        double[] best = box.project(equal);
        double loss = loss(scenario, rounds, best);
        double step = 1;
        for (int i = 0; i < STEPS && step > LEAST_STEP; i++) {
            double[] gains = gains(scenario, rounds, best);
            double[] next = new double[best.length];
            for (int j = 0; j < next.length; j++) {
                next[j] = best[j] * StrictMath.exp(step * gains[j]);
            }
            next = box.project(next);
            double nextLoss = loss(scenario, rounds, next);
            if (nextLoss < loss) {
                best = next;
                loss = nextLoss;
                step *= 1.5;
            } else {
                step /= 2;
            }
        }
        return best;
    }

    /** Mean loss at the end of training on a fixed mixture, in nats. */
    public static double loss(Scenario scenario, int rounds, double[] mixture) {
        double[] tokens = new double[mixture.length];
        for (int j = 0; j < tokens.length; j++) {
            tokens[j] = rounds * mixture[j];
        }
        return Arrays.stream(scenario.losses(tokens)).sum() / scenario.size();
    }

    /** What more of each group would gain, less the mean, scaled to a largest of 1. */
    private static double[] gains(Scenario scenario, int rounds, double[] mixture) {
        double[] tokens = new double[mixture.length];
        for (int j = 0; j < tokens.length; j++) {
            tokens[j] = rounds * mixture[j];
        }
        double[] gains = new double[mixture.length];
        double mean = 0;
        for (double[] row : scenario.slopes(tokens)) {
            for (int j = 0; j < gains.length; j++) {
                gains[j] += row[j];
                mean += row[j] * mixture[j];
            }
        }
        double largest = 0;
        for (int j = 0; j < gains.length; j++) {
            gains[j] -= mean;
            largest = Math.max(largest, Math.abs(gains[j]));
        }
        for (int j = 0; j < gains.length && largest > 0; j++) {
            gains[j] /= largest;
        }
        return gains;
    }
}
