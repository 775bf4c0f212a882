package io.sluice.ops.bench.quality;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.policy.Need;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.ops.bench.quality.PolicyVariant.Setting;
import io.sluice.ops.bench.quality.QualityCorpus.Group;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Declares the run of a policy over a pool of groups: all groups have the same prior. */
final class RunDeclaration {

    private final PolicyVariant variant;
    private final QualitySetting setting;

    RunDeclaration(PolicyVariant variant, QualitySetting setting) {
        this.variant = variant;
        this.setting = setting;
    }

    /**
     * The run.
     *
     * @param steeredTo the target, or empty for none
     * @throws IllegalArgumentException when a setting or an option is out of its range, or the
     *     policy cannot do without a target
     */
    RunSpec of(List<Group> pool, String steeredTo, long seed) {
        double prior = 1.0 / pool.size();
        RunSpec spec =
                new RunSpec(
                        "quality",
                        pool.stream().map(group -> declared(group, prior)).toList(),
                        steeredTo.isEmpty()
                                ? List.of()
                                : List.of(new TargetSpec(new TargetId(steeredTo), 1)),
                        variant.policy(),
                        variant.guards(setting.steps() * QualitySetting.bytesPerStep()),
                        variant.rounds(),
                        new SketchSpec(SketchSpec.DEFAULT_DIMENSION, seed),
                        1,
                        seed,
                        Mode.CONTROL,
                        "quality");
        PolicyCatalog.create(spec);
        return spec;
    }

    private GroupSpec declared(Group group, double prior) {
        return new GroupSpec(
                new GroupId(group.id()),
                prior,
                variant.get(Setting.FLOOR) * prior,
                Math.min(1, variant.get(Setting.CAP) * prior),
                // What uniform is compared by is uniform, however often it reads a group.
                variant.isUniform()
                        ? Optional.empty()
                        : Optional.of(
                                new Supply(group.text().length, variant.get(Setting.MAX_EPOCHS))));
    }

    /**
     * Whether the policy looks at gradients, and so at a target.
     *
     * @throws IllegalArgumentException when it needs what this benchmark does not measure, or has
     *     no such option
     */
    boolean needsGradients() {
        RunSpec any =
                of(
                        List.of(
                                new Group("a", false, new byte[1 << 20]),
                                new Group("b", false, new byte[1 << 20])),
                        QualityCorpus.HELD_OUT,
                        1);
        Set<Need> needs = PolicyCatalog.create(any).needs();
        if (needs.contains(Need.TARGET_LOSSES)) {
            throw new IllegalArgumentException(
                    "policy "
                            + variant.policy().name()
                            + " needs "
                            + Need.TARGET_LOSSES
                            + " in every round, which this benchmark does not measure: leave it out");
        }
        return needs.contains(Need.ALIGNMENTS);
    }

    /**
     * Looks whether the policy's runs over so many groups can be declared, and compared at equal
     * compute.
     *
     * @throws IllegalArgumentException when they cannot
     */
    void requireComparable(int groups) {
        double compute = compute(groups);
        if (compute > 1 + QualitySetting.MORE_COMPUTE) {
            throw new IllegalArgumentException(
                    String.format(
                            "policy %s takes %.0f %% more compute than uniform, and uniform runs go on"
                                    + " for %.0f %% only: lower group-rows or target-rows, or raise round-steps",
                            variant.label(),
                            100 * (compute - 1),
                            100 * QualitySetting.MORE_COMPUTE));
        }
    }

    /** Compute of a step over so many groups, in that of a step that reports losses only. */
    double compute(int groups) {
        if (!needsGradients()) {
            return 1;
        }
        double rowsOfARound = variant.get(Setting.ROUND_STEPS) * QualitySetting.rowsPerStep();
        double measured =
                groups * variant.get(Setting.GROUP_ROWS) + variant.get(Setting.TARGET_ROWS);
        return 1 + measured * (1 + QualitySetting.SKETCH_SHARE) / rowsOfARound;
    }
}
