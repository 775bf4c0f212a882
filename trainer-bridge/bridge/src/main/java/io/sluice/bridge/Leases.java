package io.sluice.bridge;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanSequencer;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.sequence.SequencerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands out steps with their plans. A lease is a span of sealed steps. It is renewed when half of
 * it is used, by whoever follows the trainer; asking for a step beyond it seals the next span at
 * once. Either way it is in the store before one of its steps is handed out.
 *
 * <p>The trainer's thread reads what is sealed without a lock. Those who seal, store and take in
 * plans meet at two: one is held for the time of a few map operations, the other while a lease is
 * stored. What is stored has reached the operating system, not the disk: it outlives the process,
 * and the trainer's checkpoint covers the machine. A store that fails, or hangs while somebody else
 * waits for it, costs only that: the trainer goes on.
 */
final class Leases {

    /** The attempt's number while the log has not given one. */
    static final long UNNUMBERED = -1;

    /** How long a lease waits for another one that is being stored. */
    private static final long PATIENCE_MILLIS = 20;

    private final Surroundings around;
    private final RunSpec spec;
    private final long resumeStep;
    private final SealedPlan atStart;
    private final ExactSampler sampler;
    private final SealQueue seals;

    private final Object lock = new Object();
    private Attempt attempt;
    private PlanSequencer sequencer;

    /** Held while a lease is sealed and stored, so that the store has them in order. */
    private final ReentrantLock extending = new ReentrantLock();

    private volatile SealedSteps handedOut;

    /** Touched by the feed only. */
    private long storedEpoch;

    /**
     * @param attempt the attempt, not numbered yet
     * @param planFirstStep first step of the plan in force at the start
     * @param highestEpoch highest epoch that the store knows
     */
    Leases(
            Surroundings around,
            Attempt attempt,
            long planFirstStep,
            long highestEpoch,
            SealQueue seals) {
        this.around = around;
        this.spec = around.spec();
        this.attempt = attempt;
        this.resumeStep = attempt.resumeStep();
        this.atStart = new SealedPlan(attempt.inForce(), planFirstStep);
        this.sampler = new ExactSampler(spec.seed(), spec.runId(), around.options().drawsPerStep());
        this.seals = seals;
        this.sequencer = PlanSequencer.start(spec, attempt, highestEpoch, planFirstStep);
        this.handedOut = SealedSteps.of(resumeStep, resumeStep - 1, sequencer.snapshot());
        this.storedEpoch = highestEpoch;
    }

    /** Last step that may be handed out; the step before the attempt's first one when none may. */
    long sealedThrough() {
        return handedOut.through();
    }

    /** Last step that may be handed out; empty when none may. */
    OptionalLong sealed() {
        long last = sealedThrough();
        return last < resumeStep ? OptionalLong.empty() : OptionalLong.of(last);
    }

    /**
     * The plans of the steps {@code from} to {@code through}, after sealing those that are not
     * sealed.
     *
     * @throws IllegalStateException when the first of these steps has no plan at hand
     */
    List<SealedSpan> spans(long from, long through) {
        if (through > sealedThrough()) {
            extend(through);
        }
        List<SealedPlan> plans;
        synchronized (lock) {
            sequencer.planAt(from);
            plans = sequencer.snapshot().plans();
        }
        List<SealedSpan> spans = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            long first = plans.get(i).firstStep();
            long next = i + 1 < plans.size() ? plans.get(i + 1).firstStep() : Long.MAX_VALUE;
            if (next > from && first <= through) {
                spans.add(
                        new SealedSpan(
                                Math.max(from, first),
                                Math.min(through, next - 1),
                                plans.get(i).plan(),
                                first));
            }
        }
        return spans;
    }

    /** Seals a lease that begins with a step, unless the step is sealed. */
    void reach(long step) {
        if (step > sealedThrough()) {
            extend(step + around.options().leaseSteps() - 1);
        }
    }

    /**
     * Seals as far as a lease that begins with a step reaches, when half of that is left or less.
     */
    void renew(long step) {
        int steps = around.options().leaseSteps();
        long left = sealedThrough() - step;
        if (left >= 0 && left < (steps + 1) / 2) {
            extend(step + steps - 1);
        }
    }

    /** Draws that would have to be taken again before those of a sealed step, times groups. */
    long replay(long step) {
        long steps = sampler.stepsToReplay(at(step), step);
        long each = (long) around.options().drawsPerStep() * spec.groups().size();
        return steps > Long.MAX_VALUE / each ? Long.MAX_VALUE : steps * each;
    }

    /** The plan and the draws of a step, sealed. For the trainer's thread. */
    StepPlan plan(long step) {
        reach(step);
        SealedPlan sealed = at(step);
        return new StepPlan(
                step,
                sealed.plan().version(),
                sealed.plan().mixture(),
                sampler.draws(sealed, step));
    }

    /**
     * The plan of a sealed step.
     *
     * @throws IllegalStateException when the step is not sealed, or was forgotten
     */
    SealedPlan at(long step) {
        Optional<SealedPlan> known = handedOut.at(step);
        if (known.isPresent()) {
            return known.get();
        }
        synchronized (lock) {
            return sequencer.planAt(step);
        }
    }

    /** What a checkpoint before {@code nextStep} must carry. */
    TrainerCheckpoint checkpoint(long nextStep) {
        if (nextStep < resumeStep) {
            throw new IllegalArgumentException(
                    "step " + nextStep + " lies before the attempt's first step " + resumeStep);
        }
        SealedPlan sealed = nextStep == resumeStep ? atStart : at(nextStep - 1);
        return new TrainerCheckpoint(spec.runId(), nextStep, sealed.plan(), sealed.firstStep());
    }

    /** Forgets plans that only steps before this one use. */
    void forgetBefore(long step) {
        if (!handedOut.endedBefore(step)) {
            return;
        }
        synchronized (lock) {
            sequencer.forgetBefore(step);
            handedOut = SealedSteps.of(resumeStep, sealedThrough(), sequencer.snapshot());
        }
    }

    /** Gives the attempt its number. */
    void number(long number) {
        synchronized (lock) {
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
        }
    }

    /** Offers a plan; the highest epoch is stored before the answer leaves. For the feed. */
    PlanAck offer(Plan plan) {
        PlanAck ack;
        long highestEpoch;
        synchronized (lock) {
            ack = sequencer.offer(plan);
            highestEpoch = sequencer.snapshot().highestEpoch();
        }
        if (highestEpoch > storedEpoch) {
            keep(
                    () -> {
                        around.store().putHighestEpoch(spec.runId(), highestEpoch);
                        storedEpoch = highestEpoch;
                    });
        }
        return ack;
    }

    /** The attempt's number, or {@link #UNNUMBERED}. */
    long attempt() {
        synchronized (lock) {
            return attempt.number();
        }
    }

    /** The attempt's number; empty while the log has not given one. */
    OptionalLong number() {
        long number = attempt();
        return number == UNNUMBERED ? OptionalLong.empty() : OptionalLong.of(number);
    }

    /** The plan last accepted. */
    Plan inForce() {
        synchronized (lock) {
            return sequencer.inForce();
        }
    }

    /** Steps are handed out once they are stored, or could not be. */
    private void extend(long throughStep) {
        boolean stores = storeIsFree();
        try {
            if (throughStep <= sealedThrough()) {
                return;
            }
            SealedPlan last;
            long number;
            synchronized (lock) {
                fallBack();
                sequencer.seal(throughStep).forEach(seals::add);
                last = sequencer.planAt(throughStep);
                number = attempt.number();
            }
            if (stores) {
                keep(() -> around.store().putSealed(number, last, throughStep));
            } else {
                around.faults().report(Faults.Place.STORE, new TimeoutException("the store hangs"));
            }
            synchronized (lock) {
                long through = Math.max(throughStep, sealedThrough());
                handedOut = SealedSteps.of(resumeStep, through, sequencer.snapshot());
                around.metrics().sealedThrough(through);
            }
        } finally {
            if (stores) {
                extending.unlock();
            }
        }
    }

    /** Takes the lock on storing leases, if it can be had soon. */
    private boolean storeIsFree() {
        try {
            return extending.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return extending.tryLock();
        }
    }

    /** Moves towards the prior when no plan has come for as long as the options say. */
    private void fallBack() {
        long after = around.options().fallBackSteps();
        long next = sequencer.lastSealedStep() + 1;
        if (after > 0 && next - Math.max(sequencer.inForceSince(), resumeStep) >= after) {
            sequencer
                    .fallBack(Records::digest)
                    .ifPresent(
                            plan -> {
                                around.metrics().fellBack();
                                seals.add(new SealQueue.FellBack(plan));
                            });
        }
    }

    private void keep(Runnable write) {
        try {
            write.run();
            around.faults().worked(Faults.Place.STORE);
        } catch (RuntimeException e) {
            around.faults().report(Faults.Place.STORE, e);
        }
    }
}
