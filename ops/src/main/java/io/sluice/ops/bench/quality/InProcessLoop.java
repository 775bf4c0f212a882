package io.sluice.ops.bench.quality;

import io.sluice.bridge.StepPlan;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.InMemorySnapshotStore;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanSequencer;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.SignalRules;
import io.sluice.flink.contract.ToContract;
import java.util.List;
import java.util.Optional;

/**
 * A run's whole control loop in the trainer's thread, of the very classes that bridge and job call:
 * rules, reducer, controller, sequencer and sampler. Nothing is lost or late on the way, so that a
 * run depends on its seed alone.
 *
 * <p>A step is sealed when it is asked for. A plan therefore begins at its effective step: the
 * run's lead steps are the only delay.
 */
final class InProcessLoop {

    /** The one reporter of the attempt. */
    static final String REPORTER = "trainer";

    private static final long EPOCH = 1;

    private final RunSpec spec;
    private final Attempt attempt;
    private final PlanSequencer sequencer;
    private final ExactSampler sampler;
    private final RoundReducer reducer;
    private final Controller controller;
    private RoundLedger ledger;
    private ControllerState state;

    /**
     * @param spec a run of one shard
     * @param drawsPerStep micro-batches of a step
     * @throws IllegalArgumentException when the run has several shards, or asks for a policy that
     *     it cannot feed
     */
    InProcessLoop(RunSpec spec, int drawsPerStep) {
        if (spec.shards() != 1) {
            throw new IllegalArgumentException(
                    "one thread reduces one shard, not " + spec.shards() + ": declare 1");
        }
        this.spec = spec;
        this.attempt =
                new Attempt(spec.runId(), 0, spec.digest(), 0, List.of(REPORTER), priorPlan(spec));
        this.sequencer = PlanSequencer.start(spec, attempt, -1, 0);
        this.sampler = new ExactSampler(spec.seed(), spec.runId(), drawsPerStep);
        this.reducer = new RoundReducer(spec, 0, new InMemoryRoundStore());
        this.controller = new Controller(spec, ToContract::digest, new InMemorySnapshotStore());
        this.ledger = reducer.start(attempt, Optional.empty());
        this.state = controller.start(Optional.empty(), attempt);
    }

    /** The attempt that signals belong to. */
    Attempt attempt() {
        return attempt;
    }

    /** The plan and the draws of a step, which is sealed by this. Steps are asked for in order. */
    StepPlan plan(long step) {
        sequencer.seal(step);
        sequencer.forgetBefore(step);
        SealedPlan sealed = sequencer.planAt(step);
        return new StepPlan(
                step,
                sealed.plan().version(),
                sealed.plan().mixture(),
                sampler.draws(sealed, step));
    }

    /**
     * Takes a round's signals, and the statement that closes it.
     *
     * @throws IllegalStateException when one breaks a rule of the contract, or a plan is refused:
     *     the loop has a bug, for nobody else speaks here
     */
    void round(List<Signal> signals, RoundClosed closed) {
        for (Signal signal : signals) {
            SignalRules.check(signal, spec, attempt)
                    .ifPresent(
                            rejection -> {
                                throw new IllegalStateException(rejection.message());
                            });
            take(reducer.add(ledger, signal));
        }
        take(reducer.close(ledger, closed));
    }

    private void take(RoundReducer.Step step) {
        step.rejection()
                .ifPresent(
                        rejection -> {
                            throw new IllegalStateException(rejection.message());
                        });
        ledger = step.ledger();
        for (ShardRound round : step.rounds()) {
            Controller.Step decided = controller.round(state, round, EPOCH);
            state = decided.state();
            decided.decisions().stream()
                    .map(Decision::plan)
                    .flatMap(Optional::stream)
                    .forEach(this::offer);
        }
    }

    private void offer(Plan plan) {
        PlanAck ack = sequencer.offer(plan);
        if (ack.verdict() != PlanAck.Verdict.ACCEPTED) {
            throw new IllegalStateException(
                    "plan " + plan.version() + " of round " + plan.round() + ": " + ack.verdict());
        }
        state = controller.acknowledge(state, ack);
    }

    /** Version 0: the prior, from step 0, of no attempt and no controller. */
    private static Plan priorPlan(RunSpec spec) {
        Plan plan =
                new Plan(
                        spec.runId(),
                        -1,
                        -1,
                        spec.digest(),
                        -1,
                        0,
                        "",
                        0,
                        spec.prior(),
                        Plan.Label.PRIOR,
                        "");
        return plan.withDigest(ToContract.digest(plan));
    }
}
