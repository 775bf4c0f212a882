package io.sluice.core.policy;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every policy that a run can ask for. */
public final class PolicyCatalog {

    private static final double DEFAULT_ETA = 0.4;

    private PolicyCatalog() {}

    /** The names of all policies. */
    public static List<String> names() {
        return List.of(DgaPolicy.NAME, StaticPolicy.NAME);
    }

    /**
     * The policy that {@code spec} asks for.
     *
     * @throws IllegalArgumentException when there is no such policy or option, a value is out of
     *     range, or the run lacks what the policy needs
     */
    public static MixingPolicy create(RunSpec spec) {
        PolicySpec policy = spec.policy();
        switch (policy.name()) {
            case StaticPolicy.NAME:
                requireOptions(policy, Set.of());
                return new StaticPolicy();
            case DgaPolicy.NAME:
                requireOptions(policy, Set.of("eta", "weight-ema"));
                if (spec.targets().isEmpty()) {
                    throw new IllegalArgumentException(
                            "policy dga aligns groups with targets, and run "
                                    + spec.runId()
                                    + " declares none: declare a target, or choose another policy");
                }
                Map<String, Double> options = policy.options();
                return new DgaPolicy(
                        options.getOrDefault("eta", DEFAULT_ETA),
                        options.getOrDefault("weight-ema", 1.0));
            default:
                throw new IllegalArgumentException(
                        "no policy is called '"
                                + policy.name()
                                + "': choose one of "
                                + String.join(", ", names()));
        }
    }

    private static void requireOptions(PolicySpec policy, Set<String> known) {
        for (String option : policy.options().keySet()) {
            if (!known.contains(option)) {
                throw new IllegalArgumentException(
                        "policy "
                                + policy.name()
                                + " has no option '"
                                + option
                                + "': it has "
                                + known);
            }
        }
    }
}
