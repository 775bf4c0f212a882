package io.sluice.core.policy;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.guard.CeilingGuard;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every policy that a run can ask for. */
public final class PolicyCatalog {

    private static final SortedMap<String, Entry> ENTRIES = entries();

    private record Entry(String summary, String source, Factory factory) {}

    private interface Factory {
        MixingPolicy create(RunSpec spec, Options options);
    }

    private PolicyCatalog() {}

    /** The names of all policies. */
    public static List<String> names() {
        return List.copyOf(ENTRIES.keySet());
    }

    /**
     * What is to be known of a policy.
     *
     * @throws IllegalArgumentException when there is no such policy
     */
    public static PolicyInfo info(String name) {
        RunSpec run = sample(name);
        Options options = new Options(run.policy());
        Entry entry = ENTRIES.get(create(run).name());
        Set<Need> needs = entry.factory.create(run, options).needs();
        return new PolicyInfo(name, entry.summary, entry.source, needs, options.known());
    }

    /**
     * The policy that {@code spec} asks for.
     *
     * @throws IllegalArgumentException when there is no such policy or option, a value is out of
     *     range, or the run lacks what the policy needs
     */
    public static MixingPolicy create(RunSpec spec) {
        PolicySpec asked = spec.policy();
        Entry entry = ENTRIES.get(asked.name());
        if (entry == null) {
            throw new IllegalArgumentException(
                    "no policy is called '"
                            + asked.name()
                            + "': choose one of "
                            + String.join(", ", names()));
        }
        Options options = new Options(asked);
        MixingPolicy policy = entry.factory.create(spec, options);
        options.requireAllRead();
        SketchWork.require(spec);
        if (CeilingGuard.concerns(spec)
                && policy.needs().stream().noneMatch(Need::concernsTargets)) {
            throw new IllegalArgumentException(
                    "policy "
                            + policy.name()
                            + " does not look at targets, and run "
                            + spec.runId()
                            + " declares a ceiling for one: drop the ceiling, or choose another policy");
        }
        for (Need need : policy.needs()) {
            if (need.concernsTargets() && spec.targets().isEmpty()) {
                throw new IllegalArgumentException(
                        "policy "
                                + policy.name()
                                + " needs "
                                + need
                                + ", and run "
                                + spec.runId()
                                + " declares no target: declare a target, or choose another policy");
            }
        }
        return policy;
    }

    private static SortedMap<String, Entry> entries() {
        SortedMap<String, Entry> entries = new TreeMap<>();
        entries.put(
                StaticPolicy.NAME,
                new Entry(
                        "the prior, always: what every other policy is measured against",
                        "the declaration",
                        (spec, options) -> new StaticPolicy()));
        entries.put(
                SchedulePolicy.NAME,
                new Entry(
                        "mixtures chosen beforehand: options STEP:GROUP give the weights from a step on",
                        "the declaration",
                        SchedulePolicy::of));
        entries.put(
                DgaPolicy.NAME,
                new Entry(
                        "groups whose gradients agree with the targets'",
                        "Fan, Grangier and Ablin, arXiv 2410.02498",
                        (spec, options) -> UnderFisher.ifAsked(new DgaPolicy(options), options)));
        entries.put(
                DogePolicy.NAME,
                new Entry(
                        "groups whose gradients agree with the targets', punishing nobody",
                        "Fan, Pagliardini and Jaggi, arXiv 2310.15393",
                        (spec, options) -> UnderFisher.ifAsked(new DogePolicy(options), options)));
        entries.put(
                GrapePolicy.NAME,
                new Entry(
                        "groups that agree with the targets that improve least",
                        "Fan et al., arXiv 2505.20380",
                        (spec, options) -> UnderFisher.ifAsked(new GrapePolicy(options), options)));
        entries.put(
                SlopeEgPolicy.NAME,
                new Entry(
                        "groups whose own loss falls fastest per token",
                        "learning curves of Jiang et al., arXiv 2410.11820; mirror step of Sluice",
                        (spec, options) -> new SlopeEgPolicy(options)));
        for (OdmPolicy.Form form : OdmPolicy.Form.values()) {
            entries.put(
                    form.policy,
                    new Entry(
                            "groups of high loss; kept as published, to be compared with",
                            form.source,
                            (spec, options) -> new OdmPolicy(form, options)));
        }
        entries.put(
                DynamixPolicy.NAME,
                new Entry(
                        "groups that made relative progress, prior-scaled",
                        "DynamixSFT, arXiv 2508.12116",
                        (spec, options) -> new DynamixPolicy(options)));
        entries.put(
                TikmixDPolicy.NAME,
                new Entry(
                        "the solution of a convex program: gain, balance, no target worse",
                        "TiKMiX, arXiv 2508.17677",
                        (spec, options) ->
                                UnderFisher.ifAsked(new TikmixDPolicy(options), options)));
        entries.put(
                AioliPolicy.NAME,
                new Entry(
                        "groups that lowered the targets when they were probed",
                        "Chen et al., arXiv 2411.05735",
                        PolicyCatalog::aioli));
        return Collections.unmodifiableSortedMap(entries);
    }

    /** The smallest run that can feed any policy. */
    private static RunSpec sample(String policy) {
        return new RunSpec(
                "sample",
                List.of(new GroupSpec(new GroupId("group"), 1, 0, 1)),
                List.of(new TargetSpec(new TargetId("target"), 1)),
                PolicySpec.of(policy),
                GuardSpec.DEFAULT,
                new RoundSpec(1, 1, 0),
                new SketchSpec(SketchSpec.DEFAULT_DIMENSION, 0),
                1,
                0,
                Mode.OBSERVE,
                "");
    }

    private static MixingPolicy aioli(RunSpec spec, Options options) {
        if (spec.groups().size() > AioliPolicy.MOST_GROUPS) {
            throw new IllegalArgumentException(
                    "policy aioli probes every group in turn, and run "
                            + spec.runId()
                            + " has "
                            + spec.groups().size()
                            + ": merge groups to at most "
                            + AioliPolicy.MOST_GROUPS
                            + ", or choose another policy");
        }
        return new AioliPolicy(options);
    }
}
