package io.sluice.core.simulation;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.Lineage;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.testing.TestingRun;
import java.util.Optional;
import java.util.function.Consumer;

/** The job's third stage: the controller. */
final class Decider {

    private final World world;
    private final HeapSnapshots snapshots;
    private final Reference reference;
    private final CommandBooks commands;
    private Controller controller;
    private ControllerState state;

    Decider(World world) {
        this(world, world.seams().snapshots(), new Reference(world.oracle()), new CommandBooks());
    }

    private Decider(
            World world, HeapSnapshots snapshots, Reference reference, CommandBooks commands) {
        this.world = world;
        this.snapshots = snapshots;
        this.reference = reference;
        this.commands = commands;
    }

    Decider copy() {
        Decider copy =
                new Decider(
                        world,
                        world.seams().snapshots().with(snapshots),
                        reference.copy(),
                        commands.copy());
        copy.state = state;
        if (state != null) {
            copy.controller = copy.controller(state.spec());
        }
        return copy;
    }

    void take(Event event, long epoch, Recount recount, Consumer<Plan> out) {
        if (event instanceof Event.Started started) {
            start(started);
            state = state.left(started.left());
        } else if (event instanceof Event.Reduced reduced) {
            boolean follows = state.spec().catalog().isPresent();
            Controller.Step step =
                    controller.round(
                            state,
                            reduced.round(),
                            epoch,
                            follows ? world.catalog().heard() : CatalogNews.NONE);
            state = step.state();
            for (Decision decision : step.decisions()) {
                publish(world.seams().decided(decision), recount, out);
            }
        } else if (event instanceof Event.Answered answered) {
            ControllerState before = state;
            state = world.seams().acknowledge(controller, state, answered.ack());
            reference.answered(before, state);
            if (!state.inForce().equals(before.inForce())) {
                world.coverage().count("rebased", 1);
                world.trace()
                        .note(
                                () ->
                                        "controller goes on from "
                                                + SimulatedBridge.text(state.inForce()));
            }
        } else if (event instanceof Event.Commanded commanded) {
            state = controller.command(state, commanded.command()).state();
            reference.commanded(commanded.command());
            commands.told(commanded.command());
        } else if (event instanceof Event.Saved saved
                && saved.attempt() == state.attempt().number()) {
            state = controller.checkpointSaved(state, saved.nextStep());
            reference.saved(saved.nextStep());
        }
    }

    void check() {
        if (state == null) {
            return;
        }
        Violation.unless(
                state.unanswered().size() <= ControllerState.MAX_UNANSWERED
                        && snapshots.size() <= Lineage.RECENT + Lineage.PINS
                        && state.pending().size()
                                <= 2 * state.spec().shards() * (RoundReducer.WINDOW + 2),
                Invariant.BOUNDS,
                () ->
                        snapshots.size()
                                + " snapshots, "
                                + state.pending().size()
                                + " results that wait");
        reference.check(state);
    }

    /** Checks the totals of earlier attempts, when every shard has told its own. */
    void checkTotals(Recount recount) {
        if (state != null) {
            Counts expected = recount.before(state.attempt().number());
            Violation.unless(
                    state.counts().earlier().equals(expected),
                    Invariant.BOOKS,
                    () ->
                            "before attempt "
                                    + state.attempt().number()
                                    + " the controller counts "
                                    + state.counts().earlier()
                                    + ", the log "
                                    + expected);
        }
    }

    Optional<ControllerState> state() {
        return Optional.ofNullable(state);
    }

    private void start(Event.Started started) {
        if (state != null && started.attempt().number() <= state.attempt().number()) {
            return;
        }
        controller = controller(started.spec());
        state = controller.start(Optional.ofNullable(state), started.attempt());
        world.coverage().count(state.basis().kind());
        world.trace()
                .note(
                        () ->
                                "controller starts attempt "
                                        + started.attempt().number()
                                        + " at step "
                                        + started.attempt().resumeStep()
                                        + ": "
                                        + state.basis());
        world.oracle().plans().known(started.attempt().inForce());
        reference.started(state);
        commands.declared(started.spec());
    }

    private void publish(Decision decision, Recount recount, Consumer<Plan> out) {
        decision.hold().ifPresent(hold -> world.coverage().count(hold.reason()));
        world.trace()
                .note(
                        () ->
                                "controller "
                                        + decision.epoch()
                                        + " decides round "
                                        + decision.round()
                                        + " on "
                                        + decision.baseDigest()
                                        + ": "
                                        + decision.hold()
                                                .map(hold -> hold.reason().toString())
                                                .or(
                                                        () ->
                                                                decision.plan()
                                                                        .map(SimulatedBridge::text))
                                                .orElseThrow());
        commands.decided(decision, state.spec(), world.oracle().plans());
        reference.decided(decision, recount);
        world.oracle().decisions().add(decision);
        decision.commands()
                .outcomes()
                .forEach(
                        outcome ->
                                world.coverage()
                                        .count(
                                                outcome.accepted()
                                                        ? "Command.accepted"
                                                        : "Command.refused",
                                                1));
        decision.plan()
                .map(world.seams()::published)
                .ifPresent(
                        plan -> {
                            world.coverage().count(plan.label());
                            world.oracle()
                                    .plans()
                                    .decided(plan, state.spec(), commands.haveAPartIn(plan));
                            out.accept(plan);
                        });
    }

    private Controller controller(RunSpec spec) {
        return new Controller(spec, TestingRun.DIGEST, snapshots);
    }
}
