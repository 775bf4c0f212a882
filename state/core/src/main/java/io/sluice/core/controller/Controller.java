package io.sluice.core.controller;

import io.sluice.core.controller.Decision.GroupDecision;
import io.sluice.core.controller.Decision.GuardEffects;
import io.sluice.core.controller.Decision.TargetDecision;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PlanDigest;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.CeilingGuard;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.EvidenceGuard;
import io.sluice.core.guard.Governor;
import io.sluice.core.guard.Hold;
import io.sluice.core.guard.MixtureBox;
import io.sluice.core.guard.PaceGuard;
import io.sluice.core.guard.PriorPull;
import io.sluice.core.guard.RepetitionGuard;
import io.sluice.core.policy.MixingPolicy;
import io.sluice.core.policy.Need;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.policy.RoundSnapshot;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.RoundClosed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides a run's rounds. A pure function of state and input: the Flink job, simulations and tests
 * call this same class, and the same inputs give the same plans to the last bit.
 *
 * <pre>
 * round -> averages, supply, governor -> evidence -> policy -> prior pull
 *       -> box and largest change -> dead band, cool-down -> decision, plan
 * </pre>
 */
public final class Controller {

    private static final double LEAST_CHANGE = 1e-9;

    /** Rounds after which a plan without an answer is followed by another, changed or not. */
    private static final int ROUNDS_TO_ANSWER = 4;

    private final RunSpec spec;
    private final MixingPolicy policy;
    private final MixtureBox declared;
    private final boolean repeats;
    private final PlanDigest digest;
    private final SnapshotStore snapshots;

    /**
     * What came of one input.
     *
     * @param state what to remember
     * @param decisions decided rounds, in order; each carries its plan, if it made one
     */
    public record Step(ControllerState state, List<Decision> decisions) {}

    private record Decided(ControllerState state, Decision decision) {}

    /**
     * @param snapshots holds the run's snapshots
     * @throws IllegalArgumentException when the run asks for a policy that does not exist or that
     *     it cannot feed
     */
    public Controller(RunSpec spec, PlanDigest digest, SnapshotStore snapshots) {
        this(spec, PolicyCatalog.create(spec), digest, snapshots);
    }

    /** A controller with a policy of the caller's. */
    public Controller(
            RunSpec spec, MixingPolicy policy, PlanDigest digest, SnapshotStore snapshots) {
        this.spec = spec;
        this.policy = policy;
        this.declared = MixtureBox.of(spec);
        this.repeats = RepetitionGuard.concerns(spec);
        this.digest = digest;
        this.snapshots = snapshots;
    }

    /**
     * Begins an attempt. Its mixture is the one that the trainer's checkpoint carried; its
     * statistics are those of the rounds before the one it resumes in, as far as they are known.
     *
     * @param before what was remembered of the run; empty when nothing was
     */
    public ControllerState start(Optional<ControllerState> before, Attempt attempt) {
        if (before.isEmpty() || !before.get().spec().digest().equals(spec.digest())) {
            before.ifPresent(state -> state.lineage().cleared(snapshots));
            return ControllerState.start(spec, attempt);
        }
        ControllerState last = before.get();
        long round = spec.rounds().roundOf(attempt.resumeStep());
        Snapshot now = last.snapshot();
        Optional<Snapshot> found = last.lineage().find(round).flatMap(snapshots::get);
        Lineage lineage = last.lineage().resumed(round, snapshots);
        if (round >= now.nextRound()) {
            return ControllerState.begin(spec, attempt, now, Basis.Kind.CONTINUED, lineage);
        }
        if (found.isPresent()) {
            return ControllerState.begin(spec, attempt, found.get(), Basis.Kind.RETURNED, lineage);
        }
        return ControllerState.begin(
                spec,
                attempt,
                ControllerState.start(spec, attempt).snapshot(),
                Basis.Kind.RESET,
                lineage);
    }

    /**
     * Takes the news that the trainer saved a checkpoint: the statistics that an attempt from it
     * needs are kept.
     *
     * @param nextStep first step that such an attempt takes
     */
    public ControllerState checkpointSaved(ControllerState state, long nextStep) {
        return state.withLineage(
                state.lineage()
                        .saved(spec.rounds().roundOf(nextStep), state.nextRound(), snapshots));
    }

    /**
     * Takes one shard's result and decides every round that is now whole.
     *
     * @param epoch this controller's epoch, for the plans it makes
     */
    public Step round(ControllerState before, ShardRound result, long epoch) {
        if (result.attempt() != before.attempt().number() || result.round() < before.nextRound()) {
            return new Step(before, List.of());
        }
        List<ShardRound> pending = new ArrayList<>(before.pending());
        pending.add(result);
        ControllerState state = before.withPending(pending);
        List<Decision> decisions = new ArrayList<>();
        Optional<RoundResult> whole = RoundResult.join(pending, state.nextRound(), spec.shards());
        while (whole.isPresent()) {
            state =
                    state.withLineage(
                            state.lineage()
                                    .decided(state.snapshot(), whole.get().round(), snapshots));
            Decided decided = decide(state, whole.get(), epoch);
            decisions.add(decided.decision());
            long next = decided.state().nextRound();
            state =
                    decided.state()
                            .withPending(
                                    decided.state().pending().stream()
                                            .filter(part -> part.round() >= next)
                                            .toList());
            whole = RoundResult.join(state.pending(), next, spec.shards());
        }
        return new Step(state, decisions);
    }

    /**
     * Takes a bridge's answer. The plans that wait for one build on one another, so when the plan
     * that an answer to one of them names as in force is not among them, none of them will ever be:
     * the controller goes on from the one that is. However long answers take, each chain of plans
     * is given up for the first refusal in it, and answers to a chain that was given up change
     * nothing.
     *
     * <p>While none waits, any answer with a later plan in force is news: a plan of this controller
     * from before it was restored, or of one that ran beside it.
     */
    public ControllerState acknowledge(ControllerState state, PlanAck ack) {
        if (ack.attempt() != state.attempt().number()) {
            return state;
        }
        Plan inForce = ack.inForce();
        if (state.unanswered().isEmpty()) {
            boolean later = inForce.version() > state.inForce().version();
            return later ? state.rebased(inForce) : state;
        }
        if (!state.unanswered().contains(ack.offeredDigest())) {
            return state;
        }
        int place = state.unanswered().indexOf(inForce.digest());
        return place < 0 ? state.rebased(inForce) : state.answered(place + 1);
    }

    private Decided decide(ControllerState before, RoundResult round, long epoch) {
        ControllerState state =
                before.withGuards(before.guards().with(round, spec, inForce(before, round)));
        Optional<Hold> early = tooEarly(round);
        if (early.isPresent()) {
            return held(state, state.averages(), round, epoch, early.get());
        }
        RepetitionGuard.Limits limits = limits(state, round);
        AlignmentAverages averages = state.averages().with(round, spec);
        Mixture inForce = state.inForce().mixture();
        if (policy.needs().contains(Need.ALIGNMENTS) && !spec.targets().isEmpty()) {
            Optional<Hold> thin = EvidenceGuard.gradients(round, spec, inForce);
            if (thin.isPresent()) {
                return held(state, averages, round, epoch, thin.get());
            }
        }
        PolicyStep proposal =
                policy.step(
                        new RoundSnapshot(
                                spec,
                                round.round(),
                                round.throughStep(),
                                inForce,
                                averages.view(spec),
                                losses(round),
                                worth(state)),
                        state.memory());
        ChangeLimit.Limited limited =
                ChangeLimit.limit(
                        inForce.weights(),
                        steered(state, proposal),
                        limits.box(),
                        spec.guards().maxKl());
        Mixture mixture = Mixture.normalised(inForce.groups(), limited.weights());
        Optional<Hold> hold = idle(state, round, mixture);
        if (hold.isEmpty() && limits.box().contains(inForce.weights()) && !proposal.probe()) {
            hold = pace(state, round, limited);
        }
        Optional<Plan> plan =
                hold.isPresent()
                        ? Optional.empty()
                        : Optional.of(
                                plan(
                                        state,
                                        round,
                                        mixture,
                                        label(state, proposal, limits, limited),
                                        epoch));
        Decision decision =
                decision(
                        state,
                        averages,
                        round,
                        epoch,
                        hold,
                        plan,
                        Optional.of(proposal),
                        Optional.of(effects(state, limits, limited)),
                        limited.weights());
        ControllerState after = state.decided(round.round() + 1, averages, proposal.memory());
        return new Decided(plan.map(after::published).orElse(after), decision);
    }

    /** What a round's batches were drawn by, as far as the controller knows. */
    private Governor.InForce inForce(ControllerState state, RoundResult round) {
        Plan plan = state.inForce();
        boolean whole = plan.effectiveStep() <= spec.rounds().firstStep(round.round());
        double[] prior = limits(state, round).box().project(spec.prior().weights());
        if (furthest(plan.mixture(), prior) < LEAST_CHANGE) {
            return whole ? Governor.InForce.PRIOR : Governor.InForce.OTHER;
        }
        boolean steered = plan.label() != Plan.Label.GOVERNOR && plan.label() != Plan.Label.PROBE;
        return steered ? Governor.InForce.POLICY : Governor.InForce.OTHER;
    }

    /** The declared box, or what supplies leave of it. */
    private RepetitionGuard.Limits limits(ControllerState state, RoundResult round) {
        if (!repeats) {
            return new RepetitionGuard.Limits(declared, 0, 1);
        }
        double latest = 0;
        for (ShardRound.GroupRound group : round.groups()) {
            latest += group.tokens();
        }
        return RepetitionGuard.limits(spec, state.guards().drawn(), latest);
    }

    private RoundSnapshot.Worth worth(ControllerState state) {
        return new RoundSnapshot.Worth(
                RepetitionGuard.marginalValues(spec, state.guards().drawn()),
                CeilingGuard.weights(spec, state.guards().ceilingPrices()));
    }

    /** The log-weights to go to: the governor's, a probe as it is, or the proposal pulled back. */
    private double[] steered(ControllerState state, PolicyStep proposal) {
        if (state.guards().governor().returned()) {
            return LogWeights.logs(spec.prior().weights());
        }
        return proposal.probe()
                ? proposal.logWeights()
                : PriorPull.pull(proposal.logWeights(), spec.prior(), spec.guards().priorPull());
    }

    private static Plan.Label label(
            ControllerState state,
            PolicyStep proposal,
            RepetitionGuard.Limits limits,
            ChangeLimit.Limited limited) {
        if (limited.boxExceeds()) {
            return limits.held() > 0 ? Plan.Label.CAP : Plan.Label.BOX;
        }
        if (state.guards().governor().returned()) {
            return Plan.Label.GOVERNOR;
        }
        return proposal.probe() ? Plan.Label.PROBE : Plan.Label.POLICY;
    }

    private static GuardEffects effects(
            ControllerState state, RepetitionGuard.Limits limits, ChangeLimit.Limited limited) {
        GuardMemory memory = state.guards();
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

    /** Why a change has to wait. A return to the prior does not. */
    private Optional<Hold> pace(
            ControllerState state, RoundResult round, ChangeLimit.Limited limited) {
        return state.guards().governor().returned()
                ? Optional.empty()
                : PaceGuard.hold(
                        spec.guards(), limited.kl(), round.round(), state.inForce().round());
    }

    private Optional<Hold> tooEarly(RoundResult round) {
        if (round.status() == ShardRound.Status.INCOMPLETE) {
            return Optional.of(
                    new Hold(
                            Hold.Reason.INCOMPLETE,
                            "signals of the round are missing, and later rounds have closed meanwhile"));
        }
        return EvidenceGuard.warmUp(round, spec);
    }

    /**
     * Why a mixture need not be published. One that changes nothing is published all the same when
     * the last plan has had no answer for long: if a refusal was lost on its way, the bridge
     * refuses this one too, and says which plan is in force.
     */
    private Optional<Hold> idle(ControllerState state, RoundResult round, Mixture mixture) {
        double change = furthest(state.inForce().mixture(), mixture.weights());
        boolean unheard =
                !state.unanswered().isEmpty()
                        && round.round() - state.inForce().round() >= ROUNDS_TO_ANSWER;
        if (change < LEAST_CHANGE && !unheard) {
            return Optional.of(
                    state.guards().governor().returned()
                            ? new Hold(
                                    Hold.Reason.GOVERNOR,
                                    "the policy's mixtures had fallen behind the prior, which is"
                                            + " observed for a while")
                            : new Hold(
                                    Hold.Reason.UNCHANGED, "the proposal is the mixture in force"));
        }
        if (spec.mode() == Mode.OBSERVE) {
            return Optional.of(
                    new Hold(Hold.Reason.OBSERVING, "the run observes only; nothing is published"));
        }
        return Optional.empty();
    }

    private Decided held(
            ControllerState state,
            AlignmentAverages averages,
            RoundResult round,
            long epoch,
            Hold hold) {
        Decision decision =
                decision(
                        state,
                        averages,
                        round,
                        epoch,
                        Optional.of(hold),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        state.inForce().mixture().weights());
        return new Decided(state.decided(round.round() + 1, averages, state.memory()), decision);
    }

    private Plan plan(
            ControllerState state,
            RoundResult round,
            Mixture mixture,
            Plan.Label label,
            long epoch) {
        Plan plan =
                new Plan(
                        spec.runId(),
                        state.attempt().number(),
                        epoch,
                        spec.digest(),
                        round.round(),
                        state.inForce().version() + 1,
                        state.inForce().digest(),
                        round.throughStep() + spec.rounds().leadSteps(),
                        mixture,
                        label,
                        "");
        return plan.withDigest(digest.of(plan));
    }

    private Decision decision(
            ControllerState state,
            AlignmentAverages averages,
            RoundResult round,
            long epoch,
            Optional<Hold> hold,
            Optional<Plan> plan,
            Optional<PolicyStep> proposal,
            Optional<GuardEffects> effects,
            double[] weights) {
        int m = spec.groups().size();
        double[] base = state.inForce().mixture().weights();
        double[] proposed =
                proposal.map(step -> LogWeights.softmax(step.logWeights())).orElse(base);
        boolean observing = hold.map(held -> held.reason() == Hold.Reason.OBSERVING).orElse(false);
        double[] decided = plan.isPresent() || observing ? weights : base;
        double[] scores = proposal.map(PolicyStep::scores).orElse(new double[m]);
        double[] errors = proposal.map(PolicyStep::scoreErrors).orElse(new double[m]);
        ShardRound.GroupRound[] measured = new ShardRound.GroupRound[m];
        round.groups().forEach(group -> measured[group.index()] = group);
        RoundSnapshot.Alignments alignments = averages.view(spec);
        List<GroupDecision> groups = new ArrayList<>(m);
        double gain = 0;
        double variance = 0;
        for (int j = 0; j < m; j++) {
            double change = decided[j] - base[j];
            gain += change * scores[j];
            variance += change * change * errors[j] * errors[j];
            groups.add(
                    new GroupDecision(
                            j,
                            base[j],
                            proposed[j],
                            decided[j],
                            scores[j],
                            measured[j] == null ? 0 : measured[j].tokens(),
                            measured[j] == null ? 0 : measured[j].meanLoss(),
                            column(alignments.mean(), j),
                            column(alignments.standardError(), j)));
        }
        return new Decision(
                spec.runId(),
                spec.digest(),
                state.attempt().number(),
                epoch,
                round.firstRound(),
                round.round(),
                round.throughStep(),
                policy.name(),
                state.inForce().version(),
                state.inForce().digest(),
                state.basis(),
                hold,
                plan,
                effects,
                groups,
                round.targets().stream()
                        .map(
                                t ->
                                        new TargetDecision(
                                                t.index(), t.tokens(), t.sequences(), t.meanLoss()))
                        .toList(),
                round.evaluations(),
                gain,
                Math.sqrt(variance),
                round.counts(),
                state.unanswered().size());
    }

    private RoundSnapshot.Losses losses(RoundResult round) {
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

    private static double furthest(Mixture mixture, double[] weights) {
        double most = 0;
        for (int j = 0; j < weights.length; j++) {
            most = Math.max(most, Math.abs(mixture.weight(j) - weights[j]));
        }
        return most;
    }

    private static double[] column(double[][] rows, int j) {
        double[] column = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            column[i] = rows[i][j];
        }
        return column;
    }
}
