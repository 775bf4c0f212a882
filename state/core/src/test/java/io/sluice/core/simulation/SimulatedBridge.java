package io.sluice.core.simulation;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanSequencer;
import io.sluice.core.sequence.Seal;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.sequence.SequencerState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A bridge and the one attempt that it serves, as the real one treats the core's classes. */
final class SimulatedBridge {

    private static final long UNNUMBERED = -1;

    /** The part of a bridge that outlives it. */
    static final class Store {
        private long highestEpoch = -1;
    }

    private final World world;
    private final int id;
    private final RunSpec spec;
    private final Store store;
    private final Wire<LogRecord> acks;
    private final Wire<LogRecord> saved;
    private final Wire<Seal> sealed;
    private final ArrayDeque<Seal> unsent = new ArrayDeque<>();
    private final List<RoundSender> senders = new ArrayList<>();

    private Attempt attempt;
    private PlanSequencer sequencer;
    private long planPosition;
    private boolean cutOff;
    private boolean dead;

    /**
     * @param id names this bridge, for the oracle
     */
    SimulatedBridge(World world, int id, Store store, Resume from) {
        this.world = world;
        this.id = id;
        this.spec = world.declared();
        this.store = store;
        this.acks = new Wire<>(world, world.acks(), true);
        this.saved = new Wire<>(world, world.runs(), true);
        this.sealed = new Wire<>(world, world.seals(), true);
        List<String> reporters = new ArrayList<>();
        for (int i = 0; i < world.scenario().reporters(); i++) {
            reporters.add("r" + i);
            senders.add(new RoundSender(world, this, "r" + i));
        }
        this.attempt =
                new Attempt(
                        spec.runId(),
                        UNNUMBERED,
                        spec.digest(),
                        from.nextStep(),
                        reporters,
                        from.plan());
        this.sequencer =
                PlanSequencer.start(spec, attempt, store.highestEpoch, from.planFirstStep());
        world.oracle().bridges().started(id, spec, attempt, store.highestEpoch, from);
    }

    /** Does one thing of several; answers whether there was something to do. */
    boolean act() {
        if (dead) {
            return false;
        }
        if (cutOff) {
            cutOff = !world.dice().oneIn(40);
        } else if (world.strikes(Fault.CUT_OFF)) {
            cutOff = true;
        }
        int first = world.dice().below(senders.size() + 2);
        for (int i = 0; i < senders.size() + 2; i++) {
            int which = (first + i) % (senders.size() + 2);
            boolean done =
                    switch (which) {
                        case 0 -> isNumbered() ? follow() : announce();
                        case 1 -> sendSeal();
                        default -> senders.get(which - 2).act();
                    };
            if (done) {
                return true;
            }
        }
        return false;
    }

    /**
     * Seals through {@code throughStep} and answers the spans from {@code fromStep} on, by which
     * the trainer draws.
     */
    List<Span> lease(long fromStep, long throughStep) {
        for (Seal seal : sequencer.seal(throughStep)) {
            world.oracle().bridges().sealed(id, seal);
            unsent.add(seal);
        }
        List<Span> spans = new ArrayList<>();
        long from = fromStep;
        for (long step = fromStep; step <= throughStep; step++) {
            SealedPlan plan = world.seams().planAt(sequencer, step);
            if (step == throughStep || !plan.equals(sequencer.planAt(step + 1))) {
                spans.add(new Span(from, step, plan));
                world.oracle().bridges().told(id, spans.get(spans.size() - 1));
                from = step + 1;
            }
        }
        return spans;
    }

    /** What a checkpoint before {@code nextStep} must hold, the sequencer being asked. */
    SealedPlan planAt(long step) {
        return sequencer.planAt(step);
    }

    void forgetBefore(long step) {
        sequencer.forgetBefore(step);
    }

    void ended(int reporter, RecordedRound round) {
        senders.get(reporter).add(round);
    }

    /** Tells the job of a checkpoint. */
    void saved(long nextStep) {
        if (isNumbered() && !cutOff) {
            saved.send(new LogRecord.Saved(number(), nextStep), () -> {});
        }
    }

    void crash() {
        dead = true;
        acks.cut();
        saved.cut();
        sealed.cut();
        senders.forEach(RoundSender::crash);
    }

    void heal() {
        cutOff = false;
    }

    boolean isDead() {
        return dead;
    }

    /** Whether a later attempt was announced, so that the job rejects what this one says. */
    boolean isFenced() {
        for (long offset = number() + 1; offset < world.runs().end(); offset++) {
            if (world.runs().at(offset) instanceof LogRecord.Started) {
                return isNumbered();
            }
        }
        return false;
    }

    boolean isCutOff() {
        return cutOff;
    }

    boolean isNumbered() {
        return attempt.number() != UNNUMBERED;
    }

    int id() {
        return id;
    }

    RunSpec spec() {
        return spec;
    }

    long number() {
        return attempt.number();
    }

    long resumeStep() {
        return attempt.resumeStep();
    }

    Plan inForce() {
        return sequencer.inForce();
    }

    private boolean announce() {
        if (cutOff || world.strikes(Fault.LOST_RECORD)) {
            return false;
        }
        planPosition = world.plans().end();
        long number = world.runs().append(new LogRecord.Started(attempt));
        if (world.strikes(Fault.LOST_ANSWER)) {
            return true;
        }
        attempt =
                new Attempt(
                        attempt.runId(),
                        number,
                        attempt.specDigest(),
                        attempt.resumeStep(),
                        attempt.reporters(),
                        attempt.inForce());
        SequencerState state = sequencer.snapshot();
        sequencer =
                PlanSequencer.restore(
                        spec,
                        attempt,
                        new SequencerState(
                                number,
                                state.highestEpoch(),
                                state.lastSealedStep(),
                                state.plans()));
        world.oracle().bridges().numbered(id, number);
        world.trace().note(() -> this + " resumes at step " + attempt.resumeStep());
        return true;
    }

    private boolean follow() {
        if (cutOff || planPosition == world.plans().end()) {
            return false;
        }
        Plan plan = world.plans().at(planPosition++);
        PlanAck ack = world.seams().offer(sequencer, plan);
        store.highestEpoch = Math.max(store.highestEpoch, sequencer.snapshot().highestEpoch());
        world.coverage().count(ack.verdict());
        world.trace()
                .note(
                        () ->
                                this
                                        + " answers plan "
                                        + text(plan)
                                        + ": "
                                        + ack.verdict()
                                        + ", in force "
                                        + text(ack.inForce()));
        world.oracle().bridges().offered(id, plan, ack);
        acks.send(
                new LogRecord.Answered(ack),
                () -> {},
                world.roundsTrained() + world.scenario().ackLag());
        return true;
    }

    private boolean sendSeal() {
        if (unsent.isEmpty() || cutOff || !isNumbered()) {
            return false;
        }
        Seal seal = unsent.element();
        Seal numbered =
                new Seal(
                        seal.runId(),
                        number(),
                        seal.specDigest(),
                        seal.fromStep(),
                        seal.throughStep(),
                        seal.plan(),
                        seal.changesPlan());
        if (sealed.send(numbered, () -> {})) {
            unsent.remove();
        }
        return true;
    }

    static String text(Plan plan) {
        return plan.attempt() + "/" + plan.epoch() + "/" + plan.version() + " " + plan.digest();
    }

    @Override
    public String toString() {
        return "bridge " + id + " attempt " + attempt.number();
    }
}
