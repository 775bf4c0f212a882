package io.sluice.core.simulate;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.sketch.Hashes;
import io.sluice.core.statistics.GradientStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the rounds of a simulated run report: losses and gradients after the scenario's law, with
 * noise of which each number depends on the seed, its name and its round alone.
 */
final class SimulatedReports {

    private static final long SEQUENCES = 1_000_000;

    private final Simulation simulation;

    SimulatedReports(Simulation simulation) {
        this.simulation = simulation;
    }

    /**
     * A complete round.
     *
     * @param spec the simulated run
     * @param inForce the mixture that it was trained on
     * @param tokens tokens drawn from each group by its end, in units of a round
     */
    ShardRound of(RunSpec spec, int round, Mixture inForce, double[] tokens) {
        double[] losses = simulation.scenario().losses(tokens);
        double[][] slopes = simulation.scenario().slopes(tokens);
        List<ShardRound.GroupRound> groups = new ArrayList<>();
        List<ShardRound.TargetRound> targets = new ArrayList<>();
        List<RoundClosed.Evaluation> evaluations = new ArrayList<>();
        for (int j = 0; j < losses.length; j++) {
            long drawn = Math.round(inForce.weight(j) * Simulation.TOKENS);
            if (drawn > 0) {
                double loss = losses[j] + simulation.noise() * gaussian("training", j, round);
                groups.add(
                        new ShardRound.GroupRound(
                                j,
                                drawn,
                                SEQUENCES,
                                loss * drawn,
                                loss * loss * drawn,
                                Optional.of(gradient(slopes, j, round))));
            }
            targets.add(
                    new ShardRound.TargetRound(
                            j,
                            Simulation.TOKENS,
                            SEQUENCES,
                            (losses[j] + simulation.noise() * gaussian("target", j, round))
                                    * Simulation.TOKENS,
                            Optional.of(new GradientStatistics.SquaredNorm(1, 1))));
            evaluations.add(
                    new RoundClosed.Evaluation(
                            j,
                            losses[j] + simulation.noise() * gaussian("held-out", j, round),
                            Simulation.TOKENS));
        }
        return new ShardRound(
                spec.runId(),
                spec.digest(),
                0,
                round,
                round,
                0,
                spec.rounds().lastStep(round),
                ShardRound.Status.COMPLETE,
                groups,
                targets,
                evaluations,
                1e-3,
                ShardRound.Counts.ZERO);
    }

    /**
     * A group's gradient: the targets' are orthogonal and of length 1, and its products with them
     * are the slopes. A group that teaches nothing has a gradient of noise.
     */
    private ShardRound.GroupGradient gradient(double[][] slopes, int j, int round) {
        int n = slopes.length;
        double squares = 0;
        for (double[] row : slopes) {
            squares += row[j] * row[j];
        }
        double length = squares > 0 ? Math.sqrt(squares) : 1;
        double[] alignment = new double[n];
        double[] variance = new double[n];
        double pooled = squares;
        for (int i = 0; i < n; i++) {
            double error = simulation.gradientNoise() * length;
            alignment[i] = slopes[i][j] + error * gaussian("gradient", i * n + j, round);
            variance[i] = error * error;
            pooled += variance[i];
        }
        return new ShardRound.GroupGradient(
                new GradientStatistics.SquaredNorm(pooled, squares),
                alignment,
                variance,
                Optional.empty(),
                SketchWork.of(simulation.policy()).gram()
                        ? Optional.of(products(slopes, j, round))
                        : Optional.empty());
    }

    private double[] products(double[][] slopes, int j, int round) {
        double[] products = new double[j];
        for (int k = 0; k < j; k++) {
            products[k] = product(slopes, j, k, round);
        }
        return products;
    }

    /** Of two groups' gradients, which add up of the targets'. */
    private double product(double[][] slopes, int j, int k, int round) {
        double product = 0;
        double own = 0;
        double other = 0;
        for (double[] row : slopes) {
            product += row[j] * row[k];
            own += row[j] * row[j];
            other += row[k] * row[k];
        }
        double lengths = (own > 0 ? Math.sqrt(own) : 1) * (other > 0 ? Math.sqrt(other) : 1);
        double error = simulation.gradientNoise() * lengths;
        return product + error * gaussian("product", j * slopes.length + k, round);
    }

    /** A standard normal number of one stream, after Box and Muller. */
    private double gaussian(String stream, int index, int round) {
        long name = Hashes.hash(stream) + index;
        double u = uniform(Hashes.mix64(simulation.seed(), name, 2L * round));
        double v = uniform(Hashes.mix64(simulation.seed(), name, 2L * round + 1));
        return Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos(2 * Math.PI * v);
    }

    /** In (0, 1]. */
    private static double uniform(long word) {
        return ((word >>> 11) + 1) * 0x1.0p-53;
    }
}
