package io.sluice.core.policy;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Mixtures that were chosen beforehand, by step: imported results of other methods, curricula,
 * temperatures.
 *
 * <pre>
 * w_j proportional to (stage_j)^(1 / temperature)
 * </pre>
 *
 * <p>The stages are options named {@code STEP:GROUP}, as {@code 20000:web = 3}: from step 20000 on
 * web has weight 3 among those of that step. Each stage names every group; before the first one the
 * prior holds. A stage holds until the next begins, or, with {@code linear = 1}, weights go in a
 * line from one stage to the next. Temperature 1 keeps the weights, 2 takes their square roots, a
 * large one leads to equal shares.
 *
 * <p>The guards hold here too: to follow a schedule to the letter, declare no pull to the prior and
 * a large change, and caps and floors that contain it.
 */
public final class SchedulePolicy implements MixingPolicy {

    static final String NAME = "schedule";

    private final double temperature;
    private final boolean linear;
    private final RunSpec declared;
    private final SortedMap<Long, double[]> stages;

    private SchedulePolicy(
            double temperature,
            boolean linear,
            RunSpec declared,
            SortedMap<Long, double[]> stages) {
        this.temperature = temperature;
        this.linear = linear;
        this.declared = declared;
        this.stages = stages;
    }

    /**
     * @throws IllegalArgumentException when a stage does not give every group a share
     */
    static SchedulePolicy of(RunSpec spec, Options options) {
        SortedMap<Long, double[]> stages = new TreeMap<>();
        PolicySpec policy = spec.policy();
        for (Map.Entry<String, Double> option : policy.options().entrySet()) {
            int colon = option.getKey().indexOf(':');
            if (colon > 0) {
                double weight = options.number(option.getKey(), 0, 0, 1e12);
                long step = step(option.getKey(), colon);
                int group = group(spec, option.getKey(), colon);
                stages.computeIfAbsent(step, s -> unnamed(spec))[group] = weight;
            }
        }
        for (Map.Entry<Long, double[]> stage : stages.entrySet()) {
            requireWhole(spec, stage.getKey(), stage.getValue());
        }
        double[] priors = spec.groups().stream().mapToDouble(GroupSpec::prior).toArray();
        stages.put(-1L, Mixture.normalised(spec.groupIds(), priors).weights());
        return new SchedulePolicy(
                options.number("temperature", 1, 0.01, 1e6),
                options.flag("linear", false),
                spec,
                stages);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return Set.of();
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        long step = snapshot.throughStep() + snapshot.spec().rounds().leadSteps();
        double[] weights = of(snapshot.spec(), at(step));
        for (int j = 0; j < weights.length; j++) {
            weights[j] =
                    weights[j] > 0 ? StrictMath.exp(StrictMath.log(weights[j]) / temperature) : 0;
        }
        return PolicyStep.weights(weights, new double[weights.length], memory);
    }

    /**
     * The shares of the groups that are in the mixture; where a stage gives them none, their
     * priors.
     */
    private double[] of(RunSpec spec, double[] all) {
        double[] weights = new double[spec.groups().size()];
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = all[declared.groupIndex(spec.groups().get(j).id())];
            sum += weights[j];
        }
        return sum > 0 ? weights : spec.prior().weights();
    }

    /** The weights of a step, summing to 1, before the temperature. */
    private double[] at(long step) {
        long from = stages.headMap(step + 1).lastKey();
        double[] weights = stages.get(from).clone();
        SortedMap<Long, double[]> later = stages.tailMap(step + 1);
        if (linear && !later.isEmpty()) {
            long to = later.firstKey();
            double share = (double) (step - from) / (to - from);
            for (int j = 0; j < weights.length; j++) {
                weights[j] += share * (later.get(to)[j] - weights[j]);
            }
        }
        return weights;
    }

    private static double[] unnamed(RunSpec spec) {
        double[] weights = new double[spec.groups().size()];
        Arrays.fill(weights, Double.NaN);
        return weights;
    }

    private static long step(String option, int colon) {
        try {
            long step = Long.parseLong(option.substring(0, colon));
            if (step >= 0) {
                return step;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "policy schedule: option '"
                        + option
                        + "' does not begin with a step: write STEP:GROUP");
    }

    private static int group(RunSpec spec, String option, int colon) {
        int index = spec.groupIndex(new GroupId(option.substring(colon + 1)));
        if (index < 0) {
            throw new IllegalArgumentException(
                    "policy schedule: option '"
                            + option
                            + "' names a group that the run lacks: name one of its groups");
        }
        return index;
    }

    /** Checks that every group is named, and makes the weights sum to 1. */
    private static void requireWhole(RunSpec spec, long step, double[] weights) {
        List<String> missing = new ArrayList<>();
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            GroupSpec group = spec.groups().get(j);
            if (Double.isNaN(weights[j])) {
                missing.add(group.id().toString());
            }
            sum += weights[j];
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "policy schedule: the stage of step "
                            + step
                            + " leaves out "
                            + missing
                            + ": give every group a weight, 0 for none");
        }
        if (!(sum > 0)) {
            throw new IllegalArgumentException(
                    "policy schedule: the weights of step "
                            + step
                            + " sum to "
                            + sum
                            + ": give a group a weight above 0");
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] /= sum;
        }
    }
}
