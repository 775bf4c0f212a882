package io.sluice.core.controller;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.EvidenceGuard;
import io.sluice.core.guard.Hold;
import io.sluice.core.policy.MixingPolicy;
import io.sluice.core.policy.Need;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.round.RoundResult;
import java.util.Optional;

/**
 * A policy's turn in one round: what it proposes, or why there is nothing to go by.
 *
 * @param hold why there is no proposal; absent with one
 * @param proposal the proposal for all groups; absent with a hold
 * @param memory what the policy remembers from here on
 */
record PolicyTurn(Optional<Hold> hold, Optional<PolicyStep> proposal, PolicyMemory memory) {

    /** A round in which the policy is not asked. */
    static PolicyTurn held(Hold hold, PolicyMemory memory) {
        return new PolicyTurn(Optional.of(hold), Optional.empty(), memory);
    }

    /**
     * Asks the policy, unless the round lacks what it needs.
     *
     * @param ruled the declaration as operators and the catalog changed it
     * @param state what the controller knows, the round among it
     * @param averages averaged alignments, the round's among them
     */
    static PolicyTurn take(
            MixingPolicy policy,
            RunSpec ruled,
            ControllerState state,
            RoundResult round,
            AlignmentAverages averages) {
        Optional<Hold> thin = thin(policy, state, round);
        if (thin.isPresent()) {
            return held(thin.get(), state.memory());
        }
        PresentGroups present = new PresentGroups(ruled);
        PolicyStep step =
                policy.step(
                        present.of(RoundGuards.view(ruled, state, round, averages)),
                        state.memory());
        return step.missing()
                .map(target -> held(EvidenceGuard.targetLoss(policy.name(), target), step.memory()))
                .orElseGet(
                        () ->
                                new PolicyTurn(
                                        Optional.empty(),
                                        Optional.of(present.toAll(step)),
                                        step.memory()));
    }

    private static Optional<Hold> thin(
            MixingPolicy policy, ControllerState state, RoundResult round) {
        RunSpec spec = state.spec();
        Mixture inForce = state.inForce().mixture();
        boolean compares = policy.needs().contains(Need.ALIGNMENTS) && !spec.targets().isEmpty();
        Optional<Hold> gradients =
                compares ? EvidenceGuard.gradients(round, spec, inForce) : Optional.empty();
        boolean follows = policy.needs().contains(Need.GROUP_LOSSES);
        return gradients.or(
                () ->
                        follows
                                ? EvidenceGuard.groupLosses(
                                        policy.name(), spec, state.guards().losses(), inForce)
                                : Optional.empty());
    }
}
