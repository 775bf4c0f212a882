package io.sluice.ops.mixing;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.simulate.BestFixed;
import io.sluice.core.simulate.Simulation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A policy's runs in a simulated world, beside equal shares and the best mixture that could have
 * been fixed beforehand. Losses are means over the targets at the end, without noise, in nats.
 *
 * @param scenario the world's name
 * @param policy the policy
 * @param options its options, where they are not the defaults
 * @param settings what was simulated, by name
 * @param equalLoss loss of equal shares
 * @param bestFixedLoss loss of the best fixed mixture
 * @param bestFixed that mixture
 * @param runs one run a seed
 * @param returnedRuns share of the runs that the governor returned to the prior at least once
 * @param returnedRounds share of all rounds for which it held the prior
 * @param deltaEqual mean over the seeds of loss less that of equal shares; negative is better
 * @param deltaEqualError one standard error of it
 * @param deltaBestFixed mean of loss less that of the best fixed mixture
 * @param trajectory mean share of each group in each round: {@code [round][group]}
 */
public record SimulationReport(
        String scenario,
        String policy,
        SortedMap<String, Double> options,
        SortedMap<String, Object> settings,
        double equalLoss,
        double bestFixedLoss,
        double[] bestFixed,
        List<Run> runs,
        double returnedRuns,
        double returnedRounds,
        double deltaEqual,
        double deltaEqualError,
        double deltaBestFixed,
        double[][] trajectory) {

    /**
     * One run.
     *
     * @param seed its seed
     * @param loss its loss
     * @param deltaEqual that loss less equal shares'
     * @param returns how often the governor returned to the prior
     * @param returnedRounds rounds for which it held the prior
     */
    public record Run(long seed, double loss, double deltaEqual, int returns, int returnedRounds) {}

    public SimulationReport {
        runs = List.copyOf(runs);
    }

    /** Runs {@code base} with the seeds 0 to {@code seeds - 1}. */
    public static SimulationReport of(Simulation base, int seeds) {
        int size = base.scenario().size();
        double[] equal = new double[size];
        Arrays.fill(equal, 1.0 / size);
        double equalLoss = BestFixed.loss(base.scenario(), base.rounds(), equal);
        double[] best = BestFixed.mixture(base.scenario(), base.rounds(), base.floor(), base.cap());
        double bestLoss = BestFixed.loss(base.scenario(), base.rounds(), best);
        double[][] trajectory = new double[base.rounds()][size];
        List<Run> runs = new ArrayList<>();
        double mean = 0;
        for (long seed = 0; seed < seeds; seed++) {
            Simulation.Outcome outcome = base.withSeed(seed).run();
            double delta = outcome.meanLoss() - equalLoss;
            runs.add(
                    new Run(
                            seed,
                            outcome.meanLoss(),
                            delta,
                            outcome.returns(),
                            outcome.returnedRounds()));
            mean += delta / seeds;
            for (int round = 0; round < trajectory.length; round++) {
                Mixture mixture = outcome.mixtures().get(round);
                for (int j = 0; j < size; j++) {
                    trajectory[round][j] += mixture.weight(j) / seeds;
                }
            }
        }
        PolicySpec policy = base.policy();
        return new SimulationReport(
                base.scenario().name(),
                policy.name(),
                policy.options(),
                settings(base, seeds),
                equalLoss,
                bestLoss,
                best,
                runs,
                runs.stream().mapToInt(run -> Math.min(1, run.returns())).sum() / (double) seeds,
                runs.stream().mapToInt(Run::returnedRounds).sum()
                        / ((double) seeds * base.rounds()),
                mean,
                error(runs, mean),
                mean + equalLoss - bestLoss,
                trajectory);
    }

    private static double error(List<Run> runs, double mean) {
        double squares = 0;
        for (Run run : runs) {
            squares += (run.deltaEqual() - mean) * (run.deltaEqual() - mean);
        }
        return runs.size() < 2 ? 0 : Math.sqrt(squares / (runs.size() - 1) / runs.size());
    }

    private static SortedMap<String, Object> settings(Simulation base, int seeds) {
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("rounds", base.rounds());
        settings.put("warmUpRounds", base.warmUpRounds());
        settings.put("delayRounds", base.delayRounds());
        settings.put("noise", base.noise());
        settings.put("priorPull", base.priorPull());
        settings.put("floor", base.floor());
        settings.put("seeds", seeds);
        return settings;
    }
}
