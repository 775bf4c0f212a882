package io.sluice.ops.bench.quality;

import java.nio.file.Path;
import java.util.List;

/**
 * What a person can choose about the benchmark. Policies that cannot be compared are refused with
 * an {@link IllegalArgumentException}.
 *
 * @param corpus folder of the corpus
 * @param setting length of the runs
 * @param regimes which regimes
 * @param targets which targets to steer to; empty for all
 * @param policies what to compare with uniform
 * @param firstSeed the first of the seeds
 * @param seeds how many
 * @param work folder that keeps finished runs
 * @param jobs runs at a time, one thread each
 */
public record QualityOptions(
        Path corpus,
        QualitySetting setting,
        List<Regime> regimes,
        List<String> targets,
        List<PolicyVariant> policies,
        long firstSeed,
        int seeds,
        Path work,
        int jobs) {

    public QualityOptions {
        regimes = List.copyOf(regimes);
        targets = List.copyOf(targets);
        policies = List.copyOf(policies);
        policies.forEach(policy -> new RunDeclaration(policy, setting).requireComparable(1));
    }
}
