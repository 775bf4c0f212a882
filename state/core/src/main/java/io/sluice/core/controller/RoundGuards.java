package io.sluice.core.controller;

import io.sluice.core.control.Ruling;
import io.sluice.core.controller.Decision.GuardEffects;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.CeilingGuard;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.Governor;
import io.sluice.core.guard.Hold;
import io.sluice.core.guard.PaceGuard;
import io.sluice.core.guard.PriorPull;
import io.sluice.core.guard.RepetitionGuard;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import java.util.Optional;

/**
 * What the guards make of one round's proposal, within what operators left open: where it is
 * steered, whether it is published, and what the plan is called.
 */
final class RoundGuards {

    /** Rounds after which a plan without an answer is followed by another, changed or not. */
    private static final int ROUNDS_TO_ANSWER = 4;

    private final ControllerState state;
    private final RoundResult round;
    private final Ruling ruling;
    private final Optional<PolicyStep> proposal;
    private final boolean returned;

    /**
     * @param proposal what the policy proposes; absent when it was not asked
     */
    RoundGuards(
            ControllerState state,
            RoundResult round,
            Ruling ruling,
            Optional<PolicyStep> proposal) {
        this.state = state;
        this.round = round;
        this.ruling = ruling;
        this.proposal = proposal;
        this.returned = state.guards().governor().returned();
    }

    /**
     * What a round's batches were drawn by, as far as the controller knows. Mixtures that an
     * operator fixed or returned to say nothing of the policy.
     */
    static Governor.InForce inForce(ControllerState state, RoundResult round) {
        Plan plan = state.inForce();
        boolean whole = plan.effectiveStep() <= state.spec().rounds().firstStep(round.round());
        Ruling then =
                new Ruling(
                        state.ruling(),
                        state.overrides(),
                        plan.mixture(),
                        state.guards().drawn(),
                        tokens(round));
        double[] prior = then.limits().box().project(then.spec().prior().weights());
        if (!plan.mixture().differsFrom(prior)) {
            return whole ? Governor.InForce.PRIOR : Governor.InForce.OTHER;
        }
        return switch (plan.label()) {
            case GOVERNOR, PROBE, ROLLBACK, EXCLUSION, PIN -> Governor.InForce.OTHER;
            default -> Governor.InForce.POLICY;
        };
    }

    /** What the policy sees of a round. */
    static RoundSnapshot view(
            RunSpec spec, ControllerState state, RoundResult round, AlignmentAverages averages) {
        return new RoundSnapshot(
                spec,
                round.round(),
                round.throughStep(),
                state.inForce().mixture(),
                averages.view(spec),
                losses(spec, round),
                new RoundSnapshot.Worth(
                        RepetitionGuard.marginalValues(spec, state.guards().drawn()),
                        CeilingGuard.weights(spec.targetWeights(), state.guards().ceilingPrices())),
                RoundGeometry.of(round, spec));
    }

    /** Tokens of a round. */
    static double tokens(RoundResult round) {
        double tokens = 0;
        for (ShardRound.GroupRound group : round.groups()) {
            tokens += group.tokens();
        }
        return tokens;
    }

    /** The log-weights to go to: the governor's, a probe as it is, or the proposal pulled back. */
    Optional<double[]> steered() {
        return proposal.map(this::steered);
    }

    private double[] steered(PolicyStep step) {
        RunSpec spec = ruling.spec();
        if (returned) {
            return LogWeights.logs(spec.prior().weights());
        }
        return step.probe()
                ? step.logWeights()
                : PriorPull.pull(step.logWeights(), spec.prior(), spec.guards().priorPull());
    }

    /** Why a mixture is not published, if it is not. */
    Optional<Hold> hold(Mixture mixture, ChangeLimit.Limited limited) {
        if (ruling.isFrozen()) {
            return Optional.of(
                    new Hold(Hold.Reason.FROZEN, "an operator froze the mixture in force"));
        }
        return idle(mixture).or(() -> pace(limited));
    }

    /**
     * Why a mixture need not be published. One that changes nothing is published all the same when
     * the last plan has had no answer for long: if a refusal was lost on its way, the bridge
     * refuses this one too, and says which plan is in force.
     */
    private Optional<Hold> idle(Mixture mixture) {
        boolean unheard =
                !state.unanswered().isEmpty()
                        && round.round() - state.inForce().round() >= ROUNDS_TO_ANSWER;
        if (!unheard && !state.inForce().mixture().differsFrom(mixture.weights())) {
            return Optional.of(
                    returned
                            ? new Hold(
                                    Hold.Reason.GOVERNOR,
                                    "the policy's mixtures had fallen behind the prior, which is"
                                            + " observed for a while")
                            : PaceGuard.unchanged());
        }
        if (state.spec().mode() == Mode.OBSERVE) {
            return Optional.of(
                    new Hold(Hold.Reason.OBSERVING, "the run observes only; nothing is published"));
        }
        return Optional.empty();
    }

    /**
     * Why a change has to wait. What an operator asked for does not, nor does a return to the
     * prior, a probe, or a mixture that the box asks for.
     */
    private Optional<Hold> pace(ChangeLimit.Limited limited) {
        boolean due =
                ruling.isForced()
                        || returned
                        || PaceGuard.isUrgent(
                                probes(), ruling.limits().box(), state.inForce().mixture());
        return due
                ? Optional.empty()
                : PaceGuard.hold(
                        ruling.spec().guards(),
                        limited.kl(),
                        round.round(),
                        state.inForce().round());
    }

    /** Why a plan looks as it does: by an operator's word, if there is one. */
    Plan.Label label(ChangeLimit.Limited limited) {
        return ruling.label()
                .or(() -> ruling.limits().label(limited))
                .orElseGet(this::policysLabel);
    }

    private Plan.Label policysLabel() {
        if (returned) {
            return Plan.Label.GOVERNOR;
        }
        return probes() ? Plan.Label.PROBE : Plan.Label.POLICY;
    }

    /** What the decision says of the guards. */
    GuardEffects effects(ChangeLimit.Limited limited) {
        GuardMemory memory = state.guards();
        RepetitionGuard.Limits limits = ruling.limits();
        return new GuardEffects(
                limited.fraction(),
                limited.kl(),
                limits.box().countBound(limited.weights()),
                limited.boxExceeds(),
                limits.held(),
                limits.relaxation(),
                memory.governor().phase(),
                memory.governor().verdict(),
                memory.ceilingPrices().clone());
    }

    private boolean probes() {
        return proposal.map(PolicyStep::probe).orElse(false);
    }

    private static RoundSnapshot.Losses losses(RunSpec spec, RoundResult round) {
        RoundSnapshot.Losses losses = RoundSnapshot.Losses.none(spec);
        for (ShardRound.GroupRound group : round.groups()) {
            losses.tokens()[group.index()] = group.tokens();
            losses.group()[group.index()] = group.meanLoss();
        }
        for (RoundClosed.Evaluation evaluation : round.evaluations()) {
            losses.evaluated()[evaluation.target()] = true;
            losses.target()[evaluation.target()] = evaluation.loss();
        }
        return losses;
    }
}
