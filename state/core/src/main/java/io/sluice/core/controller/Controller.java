package io.sluice.core.controller;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.control.CommandDesk;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.Overrides;
import io.sluice.core.control.Ruling;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PlanDigest;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.guard.ChangeLimit;
import io.sluice.core.guard.EvidenceGuard;
import io.sluice.core.guard.Hold;
import io.sluice.core.policy.MixingPolicy;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.round.RoundResult;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.Rejection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides a run's rounds. A pure function of state and input: the Flink job, simulations and tests
 * call this same class, and the same inputs give the same plans to the last bit.
 *
 * <pre>
 * commands, catalog -> averages, supply, governor -> evidence -> policy -> prior pull
 *          -> box and largest change -> dead band, cool-down -> decision, plan
 * </pre>
 *
 * <p>What operators say goes before every guard: a rollback, a pin or an exclusion is published
 * whatever evidence, supply, governor, largest change, dead band and cool-down say, and while the
 * run is frozen nothing else is, probes included. The guards rule what operators left open.
 */
public final class Controller {

    private final RunSpec spec;
    private final MixingPolicy policy;
    private final CommandDesk desk;
    private final PlanDigest digest;
    private final SnapshotStore snapshots;

    /**
     * What came of one input.
     *
     * @param state what to remember
     * @param decisions decided rounds, in order; each carries its plan, if it made one
     */
    public record Step(ControllerState state, List<Decision> decisions) {}

    /**
     * What came of a command.
     *
     * @param rejection why it cannot even wait
     */
    public record Commanded(ControllerState state, Optional<Rejection> rejection) {}

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
        this.desk = new CommandDesk(spec);
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
            Overrides said = before.map(ControllerState::overrides).orElse(Overrides.NONE);
            return ControllerState.start(spec, attempt)
                    .withOverrides(said.under(spec, attempt.inForce().mixture()))
                    .withCatalog(
                            before.map(state -> state.catalog().under(state.spec(), spec))
                                    .orElse(CatalogNews.NONE))
                    .withCounts(
                            before.map(state -> state.counts().begun(0)).orElse(SignalCounts.NONE));
        }
        ControllerState last = before.get();
        long round = spec.rounds().roundOf(attempt.resumeStep());
        Snapshot now = last.snapshot();
        Optional<Snapshot> found = last.lineage().find(round).flatMap(snapshots::get);
        Lineage lineage = last.lineage().resumed(round, snapshots);
        if (round >= now.nextRound()) {
            return ControllerState.begin(
                    spec,
                    attempt,
                    now,
                    Basis.Kind.CONTINUED,
                    lineage,
                    last.overrides(),
                    last.catalog(),
                    last.counts());
        }
        Snapshot from =
                found.map(snapshot -> ofThisPolicy(snapshot, last.overrides()))
                        .orElseGet(() -> ControllerState.start(spec, attempt).snapshot());
        return ControllerState.begin(
                spec,
                attempt,
                from,
                found.isPresent() ? Basis.Kind.RETURNED : Basis.Kind.RESET,
                lineage,
                last.overrides().memoryFrom(from.nextRound()),
                last.catalog(),
                last.counts());
    }

    /**
     * Takes an operator's command: the next decision heeds it. One that is known changes nothing.
     */
    public Commanded command(ControllerState state, OperatorCommand command) {
        if (state.overrides().knows(command)) {
            return new Commanded(state, Optional.empty());
        }
        if (state.overrides().isFull()) {
            return new Commanded(
                    state,
                    Optional.of(
                            new Rejection(
                                    Rejection.Reason.INVALID_COMMAND,
                                    Overrides.MAX_WAITING
                                            + " commands already wait for a decision: send it again"
                                            + " after the next round")));
        }
        return new Commanded(
                state.withOverrides(state.overrides().offered(command)), Optional.empty());
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
        return round(before, result, epoch, CatalogNews.NONE);
    }

    /**
     * The same for a run that follows a catalog.
     *
     * @param news what the catalog says by now; what it said before is remembered
     */
    public Step round(ControllerState before, ShardRound result, long epoch, CatalogNews news) {
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
            Decided decided = decide(state, whole.get(), epoch, news);
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

    private Decided decide(ControllerState last, RoundResult round, long epoch, CatalogNews news) {
        ControllerState before = last.withCatalog(last.catalog().with(news, spec));
        GuardMemory guards =
                before.guards().with(round, before.ruling(), RoundGuards.inForce(before, round));
        CommandDesk.Heeded heeded =
                desk.heed(
                        before.overrides(),
                        before.catalog(),
                        round.throughStep() + spec.rounds().leadSteps(),
                        before.unanswered());
        // A plan of another epoch may be that of a controller that had heard more.
        boolean ours = before.inForce().epoch() == epoch;
        Overrides overrides =
                ours ? heeded.overrides() : heeded.overrides().meeting(before.inForce().mixture());
        ControllerState state =
                heeding(before.withGuards(guards), overrides, round)
                        .withCounts(before.counts().with(round));
        RunSpec ruled = state.ruling();
        Mixture inForce = state.inForce().mixture();
        MixingPolicy policy = policy(state.overrides());
        Ruling ruling =
                new Ruling(
                        ruled,
                        state.overrides(),
                        inForce,
                        state.guards().drawn(),
                        RoundGuards.tokens(round));
        Optional<Hold> early = tooEarly(round);
        AlignmentAverages averages =
                early.isPresent() ? state.averages() : state.averages().with(round, spec);
        DecisionRecord record =
                new DecisionRecord(state, round, averages, policy.name(), heeded.report(), epoch);
        PolicyTurn turn =
                early.map(hold -> PolicyTurn.held(hold, state.memory()))
                        .orElseGet(() -> PolicyTurn.take(policy, ruled, state, round, averages));
        if (turn.hold().isPresent() && !ruling.isForced()) {
            return new Decided(
                    state.decided(round.round() + 1, averages, turn.memory()),
                    record.held(turn.hold().get()));
        }
        Optional<PolicyStep> proposal = turn.proposal();
        RoundGuards guard = new RoundGuards(state, round, ruling, proposal);
        ChangeLimit.Limited limited = ruling.decide(guard.steered());
        Mixture mixture = Mixture.normalised(inForce.groups(), limited.weights());
        Optional<Hold> hold = guard.hold(mixture, limited);
        Optional<Plan> plan =
                hold.isPresent()
                        ? Optional.empty()
                        : Optional.of(plan(state, round, mixture, guard.label(limited), epoch));
        ControllerState after = state.decided(round.round() + 1, averages, turn.memory());
        if (ruling.rollsBack()) {
            // Where the mixture wanted is in force already, that plan is the one that returned.
            String by = plan.map(Plan::digest).orElse(state.inForce().digest());
            after = after.withOverrides(after.overrides().rolledBack(by));
        }
        return new Decided(
                plan.map(after::published).orElse(after),
                record.decided(hold, plan, proposal, guard.effects(limited), limited.weights()));
    }

    /**
     * A policy with another name than the last one begins without memory; of groups that come or
     * leave, what was learnt is forgotten.
     */
    private ControllerState heeding(ControllerState before, Overrides next, RoundResult round) {
        RunSpec last = before.overrides().ruling(spec);
        RunSpec now = next.ruling(spec);
        List<Integer> moved = new ArrayList<>();
        for (int j = 0; j < now.groups().size(); j++) {
            if (last.groups().get(j).dormant() != now.groups().get(j).dormant()) {
                moved.add(j);
            }
        }
        boolean samePolicy = now.policy().name().equals(last.policy().name());
        if (samePolicy && moved.isEmpty()) {
            return before.withOverrides(next);
        }
        AlignmentAverages averages = before.averages();
        for (int j : moved) {
            averages = averages.without(j);
        }
        PolicyMemory memory = PolicyMemory.EMPTY;
        if (samePolicy) {
            Set<GroupId> groups = new HashSet<>(new PresentGroups(now).ids());
            memory = policy(next).regrouped(before.memory(), groups);
        }
        return before.withOverrides(next.withMemorySince(round.round() + 1))
                .withStatistics(
                        averages,
                        memory,
                        moved.isEmpty() ? before.guards() : before.guards().regrouped(now, moved));
    }

    private MixingPolicy policy(Overrides overrides) {
        return overrides.policy().flatMap(ruled -> ruled.change().policy()).isPresent()
                ? PolicyCatalog.create(overrides.ruling(spec))
                : policy;
    }

    /** A snapshot that was taken under another policy lends no memory of it. */
    private static Snapshot ofThisPolicy(Snapshot snapshot, Overrides overrides) {
        return snapshot.nextRound() >= overrides.memorySince()
                ? snapshot
                : new Snapshot(
                        snapshot.nextRound(),
                        snapshot.averages(),
                        PolicyMemory.EMPTY,
                        snapshot.guards(),
                        snapshot.lineage());
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
}
