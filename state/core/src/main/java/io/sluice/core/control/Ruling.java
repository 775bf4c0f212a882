package io.sluice.core.control;

import io.sluice.core.control.Overrides.Rollback;
import io.sluice.core.domain.GroupId;
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
 * mixture; a supply binds again with the plan after it. A group that returns begins with its prior
 * share, the others scaled to make room: from a weight of 0 a multiplicative step would not lead
 * back.
 */
public final class Ruling {

    private final RunSpec spec;
    private final Overrides overrides;
    private final Mixture inForce;
    private final RepetitionGuard.Limits limits;
    private final double[] from;
    private final boolean returns;

    /**
     * @param declared the run's declaration
     * @param overrides what operators said of it
     * @param inForce the mixture that a plan would replace
     * @param drawn tokens drawn from each group so far
     * @param latest tokens of the last round
     */
    public Ruling(
            RunSpec declared, Overrides overrides, Mixture inForce, double[] drawn, double latest) {
        this.spec = overrides.ruling(declared);
        this.overrides = overrides;
        this.inForce = inForce;
        this.limits =
                RepetitionGuard.limits(spec, overrides.box(spec), overrides::fixes, drawn, latest);
        this.from = inForce.weights();
        this.returns = readmit(from);
    }

    /** The declaration as operators changed it. */
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
        if (returns || !overrides.exclusions().isEmpty()) {
            return Optional.of(Plan.Label.EXCLUSION);
        }
        if (!overrides.pins().isEmpty()) {
            return Optional.of(Plan.Label.PIN);
        }
        boolean bounded =
                overrides.policy().map(ruled -> ruled.change().changesBox()).orElse(false);
        return bounded ? Optional.of(Plan.Label.BOUNDS) : Optional.empty();
    }

    private Limited rollback() {
        double[] wanted = overrides.rollback().map(Rollback::mixture).orElseThrow().weights();
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

    /** Gives returning groups their prior share; answers whether there was one to give it to. */
    private boolean readmit(double[] weights) {
        double given = 0;
        for (GroupId group : overrides.returning()) {
            int j = spec.groupIndex(group);
            given += weights[j] > 0 ? 0 : spec.groups().get(j).prior();
        }
        if (given == 0) {
            return false;
        }
        for (int j = 0; j < weights.length; j++) {
            GroupSpec group = spec.groups().get(j);
            boolean readmitted = weights[j] == 0 && overrides.returning().contains(group.id());
            weights[j] = readmitted ? group.prior() : weights[j] * (1 - given);
        }
        return true;
    }
}
