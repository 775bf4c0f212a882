package io.sluice.core.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A training run as it was declared. Groups and targets are kept sorted by id; a group's position
 * in {@link #groups()} is its index wherever arrays speak of groups, within this spec only.
 *
 * @param runId names the run
 * @param groups 1 to {@value #MAX_GROUPS} groups, no id twice; priors sum to 1 within 1e-9
 * @param targets no id twice; weights sum to 1 within 1e-9; may be empty for policies that need
 *     none
 * @param policy the policy that proposes mixtures
 * @param guards the bounds on what it proposes
 * @param rounds how steps are cut into rounds
 * @param sketch the projection of gradients
 * @param shards into how many parts the groups of a round are split, 1 to 1,024
 * @param seed seed of the sampler
 * @param mode observe or control
 * @param digest digest of the declaration, by which every other record names it
 * @param catalog the catalog that its groups follow: their supply, and which of them are in the
 *     mixture; empty when there is none
 */
public record RunSpec(
        String runId,
        List<GroupSpec> groups,
        List<TargetSpec> targets,
        PolicySpec policy,
        GuardSpec guards,
        RoundSpec rounds,
        SketchSpec sketch,
        int shards,
        long seed,
        Mode mode,
        String digest,
        Optional<String> catalog) {

    /** Most groups of a run. */
    public static final int MAX_GROUPS = 10_000;

    /** Most targets of a run. */
    public static final int MAX_TARGETS = 256;

    private static final double SUM_TOLERANCE = 1e-9;

    /** A run that follows no catalog. */
    public RunSpec(
            String runId,
            List<GroupSpec> groups,
            List<TargetSpec> targets,
            PolicySpec policy,
            GuardSpec guards,
            RoundSpec rounds,
            SketchSpec sketch,
            int shards,
            long seed,
            Mode mode,
            String digest) {
        this(
                runId,
                groups,
                targets,
                policy,
                guards,
                rounds,
                sketch,
                shards,
                seed,
                mode,
                digest,
                Optional.empty());
    }

    public RunSpec {
        Ids.require(runId, "run");
        catalog.ifPresent(name -> Ids.require(name, "catalog"));
        groups = sorted(groups, Comparator.comparing(GroupSpec::id));
        targets = sorted(targets, Comparator.comparing(TargetSpec::id));
        if (groups.isEmpty() || groups.size() > MAX_GROUPS) {
            throw new IllegalArgumentException(
                    "a run has 1 to " + MAX_GROUPS + " groups, not " + groups.size());
        }
        if (targets.size() > MAX_TARGETS) {
            throw new IllegalArgumentException(
                    "a run has at most " + MAX_TARGETS + " targets, not " + targets.size());
        }
        for (int j = 1; j < groups.size(); j++) {
            if (groups.get(j).id().equals(groups.get(j - 1).id())) {
                throw new IllegalArgumentException(
                        "group " + groups.get(j).id() + " is declared twice: declare it once");
            }
        }
        for (int i = 1; i < targets.size(); i++) {
            if (targets.get(i).id().equals(targets.get(i - 1).id())) {
                throw new IllegalArgumentException(
                        "target " + targets.get(i).id() + " is declared twice: declare it once");
            }
        }
        requireSum(groups.stream().mapToDouble(GroupSpec::prior).toArray(), "priors");
        if (groups.stream().allMatch(GroupSpec::dormant)) {
            throw new IllegalArgumentException(
                    "every group is dormant: at least one must be in the mixture");
        }
        if (!targets.isEmpty()) {
            requireSum(weights(targets), "target weights");
        }
        if (shards < 1 || shards > 1024) {
            throw new IllegalArgumentException("shards " + shards + " is not in [1, 1024]");
        }
        if (digest == null) {
            throw new IllegalArgumentException("run " + runId + " has no digest");
        }
    }

    /** Weights of the targets by index, which sum to 1. */
    public double[] targetWeights() {
        return weights(targets);
    }

    private static double[] weights(List<TargetSpec> targets) {
        return targets.stream().mapToDouble(TargetSpec::weight).toArray();
    }

    /** Index of {@code group} in this spec, or a negative number when the run has no such group. */
    public int groupIndex(GroupId group) {
        return groupIndex(group.value());
    }

    private int groupIndex(String group) {
        int low = 0;
        int high = groups.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = groups.get(middle).id().value().compareTo(group);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /**
     * Index of {@code target} in this spec, or a negative number when the run has no such target.
     */
    public int targetIndex(TargetId target) {
        for (int i = 0; i < targets.size(); i++) {
            if (targets.get(i).id().equals(target)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Index of {@code subject} among its kind, or a negative number when the run has no such
     * subject.
     */
    public int indexOf(Subject subject) {
        return subject.isGroup()
                ? groupIndex(subject.id())
                : targetIndex(new TargetId(subject.id()));
    }

    /** The ids of the groups, in order. */
    public List<GroupId> groupIds() {
        return groups.stream().map(GroupSpec::id).toList();
    }

    /**
     * The mixture that is trusted without evidence: the priors, or those of the groups that are in
     * the mixture over their sum.
     */
    public Mixture prior() {
        return Mixture.normalised(
                groupIds(),
                groups.stream().mapToDouble(g -> g.dormant() ? 0 : g.prior()).toArray());
    }

    /** The same run with other groups; its digest stays. */
    public RunSpec withGroups(List<GroupSpec> value) {
        return new RunSpec(
                runId, value, targets, policy, guards, rounds, sketch, shards, seed, mode, digest,
                catalog);
    }

    private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
        List<T> copy = new ArrayList<>(items);
        copy.sort(order);
        return Collections.unmodifiableList(copy);
    }

    private static void requireSum(double[] values, String what) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        if (Math.abs(sum - 1) > SUM_TOLERANCE) {
            throw new IllegalArgumentException(
                    what + " sum to " + sum + ", not to 1: divide each by that");
        }
    }
}
