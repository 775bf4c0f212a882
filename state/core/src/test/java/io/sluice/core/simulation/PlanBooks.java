package io.sluice.core.simulation;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every plan there ever was, and what a plan of a controller must be. */
final class PlanBooks {

    static final double ROUNDING = 1e-9;

    private final Map<String, Plan> byDigest = new HashMap<>();
    private final Set<Mixture> mixtures = new LinkedHashSet<>();
    private final Set<String> operated = new HashSet<>();

    /** A plan that some attempt began with. */
    void known(Plan plan) {
        byDigest.put(plan.digest(), plan);
        mixtures.add(plan.mixture());
    }

    /** The mixtures of all plans. */
    List<Mixture> mixtures() {
        return new ArrayList<>(mixtures);
    }

    Plan get(String digest) {
        Plan plan = byDigest.get(digest);
        Violation.unless(plan != null, Invariant.FENCE, () -> "nobody made plan " + digest);
        return plan;
    }

    /**
     * A controller made a plan.
     *
     * @param overridden whether operators had a part in it, so that other bounds hold
     */
    void decided(Plan plan, RunSpec spec, boolean overridden) {
        Violation.unless(
                plan.label().isOperators()
                        ? isOnSimplex(plan.mixture(), spec)
                        : isMixture(plan.mixture(), spec),
                Invariant.MIXTURE,
                () -> "no mixture of the run: " + plan);
        Plan replaced = get(plan.replaces());
        Violation.unless(
                plan.version() == replaced.version() + 1,
                Invariant.FENCE,
                () -> "version " + plan.version() + " follows " + replaced.version());
        if (overridden) {
            operated.add(plan.digest());
        } else {
            checkChange(plan, replaced, spec);
        }
        known(plan);
    }

    /** A bridge accepted a plan: one that operators had no part in obeys the declared bound. */
    void accepted(Plan plan, Plan replaced, RunSpec spec) {
        if (!operated.contains(plan.digest())) {
            checkChange(plan, replaced, spec);
        }
    }

    /** No further from the plan in force than declared, unless that lies outside the box. */
    void checkChange(Plan plan, Plan replaced, RunSpec spec) {
        // A supply that falls takes from a group at once, and one that rises gives its floor back.
        boolean supplied = spec.catalog().isPresent();
        boolean moved = supplied || !isSettled(replaced.mixture(), spec);
        double divergence = divergence(plan.mixture(), replaced.mixture());
        Violation.unless(
                divergence <= spec.guards().maxKl() + ROUNDING
                        || (moved && plan.label() == Plan.Label.BOX)
                        || (supplied && plan.label() == Plan.Label.CAP),
                Invariant.CHANGE,
                () -> "moves by " + divergence + " of " + spec.guards().maxKl() + ": " + plan);
    }

    /** Whether these are weights of exactly the run's groups, on the simplex and in the box. */
    static boolean isMixture(Mixture mixture, RunSpec spec) {
        for (int j = 0; j < Math.min(mixture.size(), spec.groups().size()); j++) {
            double weight = mixture.weight(j);
            GroupSpec group = spec.groups().get(j);
            // What waits may have come, and floors give way to supplies.
            boolean less = group.dormant() || spec.catalog().isPresent();
            double floor = less ? 0 : group.floor();
            if (!(weight >= floor - ROUNDING && weight <= group.cap() + ROUNDING)) {
                return false;
            }
        }
        return isOnSimplex(mixture, spec);
    }

    /** Whether it is such a mixture, in which what waited and has come stands at its floor too. */
    private static boolean isSettled(Mixture mixture, RunSpec spec) {
        for (int j = 0; j < mixture.size(); j++) {
            GroupSpec group = spec.groups().get(j);
            double weight = mixture.weight(j);
            if (group.dormant() && weight > 0 && weight < group.floor() - ROUNDING) {
                return false;
            }
        }
        return isMixture(mixture, spec);
    }

    /** Whether these are weights of exactly the run's groups, on the simplex. */
    static boolean isOnSimplex(Mixture mixture, RunSpec spec) {
        if (!mixture.groups().equals(spec.groups().stream().map(GroupSpec::id).toList())) {
            return false;
        }
        double sum = 0;
        for (int j = 0; j < mixture.size(); j++) {
            sum += mixture.weight(j);
        }
        return Math.abs(sum - 1) <= ROUNDING;
    }

    /** {@code sum p log(p/q)}, in nats. */
    private static double divergence(Mixture p, Mixture q) {
        double sum = 0;
        for (int j = 0; j < p.size(); j++) {
            // Nothing counts as next to nothing, so that a group can come back.
            double before = Math.max(q.weight(j), 1e-300);
            sum += p.weight(j) > 0 ? p.weight(j) * Math.log(p.weight(j) / before) : 0;
        }
        return sum;
    }
}
