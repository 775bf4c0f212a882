package io.sluice.core.guard;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.guard.Hold.Reason;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntPredicate;

/**
 * Says whether a round carries enough evidence to decide on. A group with little evidence keeps its
 * averages; the round is held only if a target is thin, or if thin groups hold over half of the
 * mixture.
 */
public final class EvidenceGuard {

    private EvidenceGuard() {}

    /** Whether a group's measurement may enter the averages. */
    public static boolean isThin(ShardRound.GroupRound group, RunSpec spec) {
        return group.gradient().isEmpty() || group.sequences() < spec.guards().minGroupSequences();
    }

    /** Whether a target's measurement may be compared with. */
    public static boolean isThin(ShardRound.TargetRound target, RunSpec spec) {
        return target.gradient().isEmpty()
                || target.sequences() < spec.guards().minTargetSequences();
    }

    /** The first target that groups cannot be compared with in this round, if there is one. */
    public static Optional<TargetSpec> thinTarget(RoundResult round, RunSpec spec) {
        boolean[] enough = new boolean[spec.targets().size()];
        for (ShardRound.TargetRound target : round.targets()) {
            enough[target.index()] = !isThin(target, spec);
        }
        for (int i = 0; i < enough.length; i++) {
            if (!enough[i]) {
                return Optional.of(spec.targets().get(i));
            }
        }
        return Optional.empty();
    }

    /** Whether early rounds are still waiting for gradients to tell groups apart. */
    public static Optional<Hold> warmUp(RoundResult round, RunSpec spec) {
        long first = spec.rounds().warmUpSteps();
        if (round.throughStep() < first) {
            return Optional.of(
                    new Hold(
                            Reason.WARM_UP,
                            "decisions begin with the round that reaches step " + first));
        }
        return Optional.empty();
    }

    /**
     * Why there is too little for a policy that goes by the groups' own losses, if there is: groups
     * of which no round ever brought a loss hold over half of the mixture.
     *
     * @param losses last training loss of each group in nats, 0 where none has come yet
     */
    public static Optional<Hold> groupLosses(
            String policy, RunSpec spec, double[] losses, Mixture inForce) {
        OptionalInt unknown = heaviestOfTooMany(inForce, j -> losses[j] != 0);
        return unknown.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Hold(
                                Reason.MISSING_LOSSES,
                                "policy "
                                        + policy
                                        + " needs losses of groups, and those without one, group "
                                        + spec.groups().get(unknown.getAsInt()).id()
                                        + " among them, hold over half of the mixture: report"
                                        + " tokens and losses of every group, or choose another"
                                        + " policy"));
    }

    /**
     * The heaviest of the groups of which something is not known, where these hold over half of the
     * mixture; empty where there is enough to go by.
     *
     * @param isKnown of a group's index
     */
    public static OptionalInt heaviestOfTooMany(Mixture inForce, IntPredicate isKnown) {
        double known = 0;
        int heaviest = -1;
        for (int j = 0; j < inForce.size(); j++) {
            if (isKnown.test(j)) {
                known += inForce.weight(j);
            } else if (heaviest < 0 || inForce.weight(j) > inForce.weight(heaviest)) {
                heaviest = j;
            }
        }
        return heaviest < 0 || known >= 0.5 ? OptionalInt.empty() : OptionalInt.of(heaviest);
    }

    /** Why a policy holds that lacks a target's held-out loss. */
    public static Hold targetLoss(String policy, TargetId target) {
        return new Hold(
                Reason.MISSING_LOSSES,
                "policy "
                        + policy
                        + " needs the held-out loss of target "
                        + target
                        + ": report it at the end of every round (evaluations), or choose another"
                        + " policy");
    }

    /** Why the evidence does not suffice for a policy that compares gradients, if it does not. */
    public static Optional<Hold> gradients(RoundResult round, RunSpec spec, Mixture inForce) {
        Optional<TargetSpec> thinTarget = thinTarget(round, spec);
        if (thinTarget.isPresent()) {
            return Optional.of(
                    new Hold(
                            Reason.THIN_TARGET,
                            "target "
                                    + thinTarget.get().id()
                                    + " needs "
                                    + spec.guards().minTargetSequences()
                                    + " sequences in two halves"));
        }
        double thin = 1;
        for (ShardRound.GroupRound group : round.groups()) {
            if (!isThin(group, spec)) {
                thin -= inForce.weight(group.index());
            }
        }
        if (thin > 0.5) {
            return Optional.of(
                    new Hold(
                            Reason.THIN_GROUPS,
                            "groups with fewer than "
                                    + spec.guards().minGroupSequences()
                                    + " sequences hold over half of the mixture"));
        }
        return Optional.empty();
    }
}
