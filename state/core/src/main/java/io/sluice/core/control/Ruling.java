package io.sluice.core.control;

import io.sluice.core.control.Overrides.Rollback;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.ChangeLimit.Limited;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.guard.RepetitionGuard;
import java.util.Optional;

/**
 * By what one round is decided: the declaration as operators changed it, the box with their pins
 * and exclusions, and what they want whatever a policy proposes.
 *
 * <p>Pins, exclusions and rollbacks override the largest change, and the caps of supplies too: a
 * pinned group is drawn at its share however often it repeats, and a rollback returns to its
 * mixture; a supply binds again with the plan after it.
 *
 * <p>A group that comes, or returns, begins with its prior share p, as far as its cap allows, and
 * the others are scaled to make room, so that their ratios stay: {@code w_j <- w_j (1 - p)}. From a
 * weight of 0 a multiplicative step would not lead there. Where a group follows a catalog, it
 * returns likewise when there is something to draw again. A group that leaves gives its share to
 * the others in their ratios.
 */
public final class Ruling {

    private final RunSpec spec;
    private final Overrides overrides;
    private final Mixture inForce;
    private final RepetitionGuard.Limits limits;
    private final double[] prior;
    private final double[] from;
    private final boolean leaves;
    private final boolean returns;

    /**
     * @param spec the run's declaration as operators and the catalog changed it
     * @param overrides what operators said of it
     * @param inForce the mixture that a plan would replace
     * @param drawn tokens drawn from each group so far
     * @param latest tokens of the last round
     */
    public Ruling(
            RunSpec spec, Overrides overrides, Mixture inForce, double[] drawn, double latest) {
        this.spec = spec;
        this.overrides = overrides;
        this.inForce = inForce;
        this.limits =
                RepetitionGuard.limits(spec, overrides.box(spec), overrides::fixes, drawn, latest);
        this.prior = spec.prior().weights();
        this.from = inForce.weights();
        this.leaves = leave(from);
        this.returns = readmit(from);
    }

    /** The declaration as operators and the catalog changed it. */
    public RunSpec spec() {
        return spec;
    }

    /** Least and largest shares: operators' words first, then what supplies leave. */
    public RepetitionGuard.Limits limits() {
        return limits;
    }

    /** Whether nothing may be published, other than a rollback from before the freeze. */
    public boolean isFrozen() {
        return overrides.freeze().isPresent() && !rollsBack();
    }

    /** Whether a plan is due even when the evidence is too thin for a policy. */
    public boolean isForced() {
        return rollsBack() || (!isFrozen() && (returns || !overrides.obeys(inForce, spec)));
    }

    /** Whether this plan returns to an earlier mixture. */
    public boolean rollsBack() {
        return overrides.rollback().filter(wanted -> wanted.plan().isEmpty()).isPresent();
    }

    /**
     * The weights to publish.
     *
     * @param steered log-weights to go to; absent when no policy was asked
     */
    public Limited decide(Optional<double[]> steered) {
        Limited limited = rollsBack() ? rollback() : step(steered);
        double kl = ChangeLimit.divergence(limited.weights(), inForce.weights());
        return new Limited(
                limited.weights(),
                limited.fraction(),
                kl,
                limited.boxExceeds() || kl > spec.guards().maxKl());
    }

    /** Why the plan looks as it does; empty when operators have no part in it. */
    public Optional<Plan.Label> label() {
        if (rollsBack()) {
            return Optional.of(Plan.Label.ROLLBACK);
        }
        if (returns && (movesGroups() || spec.catalog().isPresent())) {
            return Optional.of(Plan.Label.GROUPS);
        }
        if (returns || !overrides.exclusions().isEmpty()) {
            return Optional.of(Plan.Label.EXCLUSION);
        }
        if (!overrides.pins().isEmpty()) {
            return Optional.of(Plan.Label.PIN);
        }
        boolean bounded =
                overrides.policy().map(ruled -> ruled.change().changesBox()).orElse(false);
        if (bounded) {
            return Optional.of(Plan.Label.BOUNDS);
        }
        boolean without = leaves || !overrides.membership().retired().isEmpty();
        return without ? Optional.of(Plan.Label.GROUPS) : Optional.empty();
    }

    private boolean movesGroups() {
        Membership membership = overrides.membership();
        return !membership.added().isEmpty() || !membership.retired().isEmpty();
    }

    private Limited rollback() {
        double[] wanted = overrides.rollback().map(Rollback::mixture).orElseThrow().weights();
        leave(wanted);
        readmit(wanted);
        MixtureBox box = overrides.box(spec);
        boolean fits = box.contains(wanted) || limits.box().contains(wanted);
        double[] weights = fits ? wanted : box.project(wanted);
        return new Limited(weights, 0, 0, false);
    }

    /** What is proposed for a group at weight 0 says nothing of the share to begin with. */
    private Limited step(Optional<double[]> steered) {
        double[] towards = steered.filter(weights -> !returns).orElseGet(this::logFrom);
        return ChangeLimit.limit(from, towards, limits.box(), spec.guards().maxKl());
    }

    private double[] logFrom() {
        double[] logs = new double[from.length];
        for (int j = 0; j < logs.length; j++) {
            logs[j] = LogWeights.log(from[j]);
        }
        return logs;
    }

    /** Takes the share of groups that are out of the mixture; answers whether there was one. */
    private boolean leave(double[] weights) {
        double taken = 0;
        double left = 0;
        for (int j = 0; j < weights.length; j++) {
            if (spec.groups().get(j).dormant()) {
                taken += weights[j];
                weights[j] = 0;
            }
            left += weights[j];
        }
        if (taken == 0) {
            return false;
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] = left > 0 ? weights[j] / left : prior[j];
        }
        return true;
    }

    /** Gives returning groups their prior share; answers whether there was one to give it to. */
    private boolean readmit(double[] weights) {
        double given = 0;
        boolean[] readmitted = new boolean[weights.length];
        for (int j = 0; j < weights.length; j++) {
            readmitted[j] = weights[j] == 0 && returns(j);
            given += readmitted[j] ? prior[j] : 0;
        }
        if (given == 0) {
            return false;
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] = readmitted[j] ? prior[j] : weights[j] * (1 - given);
        }
        return true;
    }

    /** Whether a group without a share is to get one: there is something to draw again. */
    private boolean returns(int j) {
        GroupSpec group = spec.groups().get(j);
        boolean back = overrides.returning().contains(group.id()) || spec.catalog().isPresent();
        return back && !group.dormant() && limits.box().cap(j) > 0;
    }
}
