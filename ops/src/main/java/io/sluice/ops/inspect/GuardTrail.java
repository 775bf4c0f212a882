package io.sluice.ops.inspect;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.guard.PriorPull;
import io.sluice.flink.contract.FromContract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The way from a proposal to a decision, guard by guard, retraced with the guards themselves. A
 * decision records its two ends; what lies between follows from the declaration.
 *
 * @param proposed the policy's proposal
 * @param pulled after the pull to the prior
 * @param boxed after the box
 * @param base the mixture that was replaced
 */
record GuardTrail(double[] proposed, double[] pulled, double[] boxed, double[] base) {

    /** Far above rounding, far below what a person would call a difference. */
    private static final double TOLERANCE = 1e-6;

    /**
     * The trail; empty when its end is not what was decided, as when other guards took part that
     * this build does not know.
     */
    static Optional<GuardTrail> of(io.sluice.schemas.RunSpec declared, Decision decision) {
        List<GroupDecision> groups = decision.getGroups();
        if (groups.size() != declared.getGroups().size()) {
            return Optional.empty();
        }
        double[] base = column(groups, GroupDecision::getBase);
        double[] proposed = column(groups, GroupDecision::getProposed);
        double[] logs = new double[proposed.length];
        for (int j = 0; j < logs.length; j++) {
            logs[j] = LogWeights.log(proposed[j]);
        }
        try {
            RunSpec spec = FromContract.spec(declared);
            MixtureBox box = MixtureBox.of(spec);
            double[] pulled = PriorPull.pull(logs, spec.prior(), spec.guards().priorPull());
            double[] end = ChangeLimit.limit(base, pulled, box, spec.guards().maxKl()).weights();
            double[] decided = column(groups, GroupDecision::getDecided);
            for (int j = 0; j < end.length; j++) {
                if (!(Math.abs(end[j] - decided[j]) <= TOLERANCE)) {
                    return Optional.empty();
                }
            }
            double[] shares = LogWeights.softmax(pulled);
            return Optional.of(new GuardTrail(proposed, shares, box.project(shares), base));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    double proposedKl() {
        return Mixture.kl(proposed, base);
    }

    double pulledKl() {
        return Mixture.kl(pulled, base);
    }

    double boxedKl() {
        return Mixture.kl(boxed, base);
    }

    private static double[] column(
            List<GroupDecision> groups, ToDoubleFunction<GroupDecision> value) {
        return groups.stream().mapToDouble(value).toArray();
    }
}
