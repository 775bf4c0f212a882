package io.sluice.core.policy;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every policy that a run can ask for. */
public final class PolicyCatalog {

    private static final double DEFAULT_DGA_ETA = 0.4;

    private static final SortedMap<String, Factory> FACTORIES = factories();

    private interface Factory {
        MixingPolicy create(RunSpec spec, Options options);
    }

    private PolicyCatalog() {}

    /** The names of all policies. */
    public static List<String> names() {
        return List.copyOf(FACTORIES.keySet());
    }

    /**
     * The policy that {@code spec} asks for.
     *
     * @throws IllegalArgumentException when there is no such policy or option, a value is out of
     *     range, or the run lacks what the policy needs
     */
    public static MixingPolicy create(RunSpec spec) {
        PolicySpec asked = spec.policy();
        Factory factory = FACTORIES.get(asked.name());
        if (factory == null) {
            throw new IllegalArgumentException(
                    "no policy is called '"
                            + asked.name()
                            + "': choose one of "
                            + String.join(", ", names()));
        }
        Options options = new Options(asked);
        MixingPolicy policy = factory.create(spec, options);
        options.requireAllRead();
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

    private static SortedMap<String, Factory> factories() {
        SortedMap<String, Factory> factories = new TreeMap<>();
        factories.put(StaticPolicy.NAME, (spec, options) -> new StaticPolicy());
        factories.put(SchedulePolicy.NAME, SchedulePolicy::of);
        factories.put(
                DgaPolicy.NAME,
                (spec, options) ->
                        new DgaPolicy(
                                options.number("eta", DEFAULT_DGA_ETA),
                                options.number("weight-ema", 1)));
        factories.put(DogePolicy.NAME, (spec, options) -> new DogePolicy(options));
        factories.put(GrapePolicy.NAME, (spec, options) -> new GrapePolicy(options));
        factories.put(SlopeEgPolicy.NAME, (spec, options) -> new SlopeEgPolicy(options));
        for (OdmPolicy.Form form : OdmPolicy.Form.values()) {
            factories.put(form.policy, (spec, options) -> new OdmPolicy(form, options));
        }
        factories.put(DynamixPolicy.NAME, (spec, options) -> new DynamixPolicy(options));
        factories.put(TikmixDPolicy.NAME, (spec, options) -> new TikmixDPolicy(options));
        factories.put(AioliPolicy.NAME, PolicyCatalog::aioli);
        return Collections.unmodifiableSortedMap(factories);
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
