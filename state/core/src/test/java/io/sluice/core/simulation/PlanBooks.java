package io.sluice.core.simulation;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import java.util.HashMap;
import java.util.Map;

/** Every plan there ever was, and what a plan of a controller must be. */
final class PlanBooks {

    private static final double ROUNDING = 1e-9;

    private final Map<String, Plan> byDigest = new HashMap<>();

    /** A plan that some attempt began with. */
    void known(Plan plan) {
        byDigest.put(plan.digest(), plan);
    }

    Plan get(String digest) {
        Plan plan = byDigest.get(digest);
        Violation.unless(plan != null, Invariant.FENCE, () -> "nobody made plan " + digest);
        return plan;
    }

    /** A controller made a plan. */
    void decided(Plan plan, RunSpec spec) {
        Violation.unless(
                isMixture(plan.mixture(), spec),
                Invariant.MIXTURE,
                () -> "no mixture of the run: " + plan);
        Plan replaced = get(plan.replaces());
        Violation.unless(
                plan.version() == replaced.version() + 1,
                Invariant.FENCE,
                () -> "version " + plan.version() + " follows " + replaced.version());
        checkChange(plan, replaced, spec);
        known(plan);
    }

    /** No further from the plan in force than declared, unless that lies outside the box. */
    void checkChange(Plan plan, Plan replaced, RunSpec spec) {
        boolean outside = !isMixture(replaced.mixture(), spec);
        double divergence = divergence(plan.mixture(), replaced.mixture());
        Violation.unless(
                divergence <= spec.guards().maxKl() + ROUNDING
                        || (outside && plan.label() == Plan.Label.BOX),
                Invariant.CHANGE,
                () -> "moves by " + divergence + " of " + spec.guards().maxKl() + ": " + plan);
    }

    /** Whether these are weights of exactly the run's groups, on the simplex and in the box. */
    static boolean isMixture(Mixture mixture, RunSpec spec) {
        if (!mixture.groups().equals(spec.groups().stream().map(GroupSpec::id).toList())) {
            return false;
        }
        double sum = 0;
        for (int j = 0; j < mixture.size(); j++) {
            double weight = mixture.weight(j);
            GroupSpec group = spec.groups().get(j);
            if (!(weight >= group.floor() - ROUNDING && weight <= group.cap() + ROUNDING)) {
                return false;
            }
            sum += weight;
        }
        return Math.abs(sum - 1) <= ROUNDING;
    }

    /** {@code sum p log(p/q)}, in nats. */
    private static double divergence(Mixture p, Mixture q) {
        double sum = 0;
        for (int j = 0; j < p.size(); j++) {
            sum += p.weight(j) > 0 ? p.weight(j) * Math.log(p.weight(j) / q.weight(j)) : 0;
        }
        return sum;
    }
}
