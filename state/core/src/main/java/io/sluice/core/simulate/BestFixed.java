package io.sluice.core.simulate;

import io.sluice.core.guard.MixtureBox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fixed mixture with the lowest mean loss at the end of a scenario: what a policy could reach
 * if it knew the law beforehand and could not change its mind.
 *
 * <p>Where groups come and leave, those that are there share by the fixed mixture's proportions.
 *
 * <p>The final loss is a convex function of the mixture while all groups stay, so that
 * exponentiated gradients with a step that shrinks where it fails to help end at its minimum.
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
        double[] losses = scenario.losses(tokens(scenario, rounds, mixture));
        return Arrays.stream(losses).sum() / scenario.size();
    }

    private static double[] tokens(Scenario scenario, int rounds, double[] mixture) {
        double[] tokens = new double[mixture.length];
        for (Stretch stretch : stretches(scenario, rounds)) {
            double[] shares = stretch.shares(mixture);
            for (int j = 0; j < tokens.length; j++) {
                tokens[j] += stretch.rounds() * shares[j];
            }
        }
        return tokens;
    }

    /** Rounds in which the same groups are there. */
    private record Stretch(int rounds, boolean[] present) {

        /** The mixture of those that are there. */
        double[] shares(double[] mixture) {
            double sum = 0;
            for (int j = 0; j < mixture.length; j++) {
                sum += present[j] ? mixture[j] : 0;
            }
            double[] shares = new double[mixture.length];
            for (int j = 0; j < mixture.length; j++) {
                shares[j] = present[j] ? mixture[j] / sum : 0;
            }
            return shares;
        }
    }

    private static List<Stretch> stretches(Scenario scenario, int rounds) {
        TreeSet<Integer> starts = new TreeSet<>(Set.of(0, rounds));
        for (Scenario.Change change : scenario.changes()) {
            if (change.round() + 1 < rounds) {
                starts.add(change.round() + 1);
            }
        }
        List<Stretch> stretches = new ArrayList<>();
        for (int start : starts.headSet(rounds)) {
            stretches.add(new Stretch(starts.higher(start) - start, scenario.present(start)));
        }
        return stretches;
    }

    /** What more of each group would gain, less the mean, scaled to a largest of 1. */
    private static double[] gains(Scenario scenario, int rounds, double[] mixture) {
        double[] slopes = new double[mixture.length];
        for (double[] row : scenario.slopes(tokens(scenario, rounds, mixture))) {
            for (int j = 0; j < slopes.length; j++) {
                slopes[j] += row[j];
            }
        }
        double[] gains = new double[mixture.length];
        for (Stretch stretch : stretches(scenario, rounds)) {
            double[] shares = stretch.shares(mixture);
            double mean = 0;
            for (int j = 0; j < gains.length; j++) {
                mean += slopes[j] * shares[j];
            }
            for (int j = 0; j < gains.length; j++) {
                // A share of the whole is more of a stretch in which fewer groups are there.
                double part = shares[j] / mixture[j];
                gains[j] += stretch.rounds() * part * (slopes[j] - mean);
            }
        }
        double largest = 0;
        for (int j = 0; j < gains.length; j++) {
            largest = Math.max(largest, Math.abs(gains[j]));
        }
        for (int j = 0; j < gains.length && largest > 0; j++) {
            gains[j] /= largest;
        }
        return gains;
    }
}
