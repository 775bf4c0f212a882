package io.sluice.bridge;

import io.sluice.bridge.RecordedRound.Half;
import io.sluice.bridge.RecordedRound.Lost;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.SignalRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The bridge's side of one attempt whose trainer is another process: it leases whole spans of
 * steps, and takes rounds that the trainer has summed up. No call waits for a network. Thread-safe.
 */
public final class RelaySession implements AutoCloseable {

    /** Most steps that one lease covers, and most steps that it seals. */
    public static final int MOST_STEPS = 10_000;

    /** Most draws times groups that are taken again for one step: about a tenth of a second. */
    private static final long MOST_REPLAY = 50_000_000;

    private final RunSpec spec;
    private final TrainerCheckpoint start;
    private final OpenAttempt attempt;
    private long stepUnderWay;
    private long lastRound = -1;

    RelaySession(RunSpec spec, TrainerCheckpoint start, OpenAttempt attempt) {
        this.spec = spec;
        this.start = start;
        this.attempt = attempt;
        this.stepUnderWay = attempt.resumeStep() - 1;
    }

    /** Where the attempt began: its first step, and the plan in force then. */
    public TrainerCheckpoint start() {
        return start;
    }

    /**
     * Seals the steps up to {@code throughStep} that are not sealed yet, and says which plans hold
     * from {@code fromStep} on. Asked again, the answer is the same.
     *
     * @return spans without a gap, in order; none when {@code throughStep} comes before {@code
     *     fromStep}
     * @throws RelayException when a step comes before the attempt's first, its plan was forgotten,
     *     or these are more than {@link #MOST_STEPS} steps; or when the session is closed
     */
    public synchronized List<SealedSpan> lease(long fromStep, long throughStep) {
        requireOpen();
        requireAtHand(fromStep);
        requireFew(fromStep, throughStep);
        return throughStep < fromStep ? List.of() : attempt.leases().spans(fromStep, throughStep);
    }

    /**
     * A step's plan with what it draws, for trainers without a sampler of their own. Seals as many
     * steps at once as the bridge's leases have.
     *
     * @throws RelayException as {@link #lease}
     */
    public synchronized StepPlan plan(long step) {
        requireOpen();
        requireAtHand(step);
        requireFew(step, step);
        attempt.leases().reach(step);
        if (attempt.leases().replay(step) > MOST_REPLAY) {
            throw new RelayException(
                    RelayException.Kind.STEP_NOT_AT_HAND,
                    "the draws before step "
                            + step
                            + " take too long to be taken again: ask for steps in order, or draw in"
                            + " the trainer, from a lease");
        }
        return attempt.leases().plan(step);
    }

    /**
     * Notes which step the trainer takes, of several the furthest: plans that ended a round before
     * it are forgotten. A checkpoint may be asked for a little later than its step, but not a round
     * later.
     */
    public synchronized void underWay(long step) {
        requireOpen();
        if (step > stepUnderWay && step <= attempt.leases().sealedThrough()) {
            stepUnderWay = step;
            attempt.leases().forgetBefore(step - spec.rounds().steps());
            attempt.uses(step, sealed(step));
        }
    }

    /**
     * Ends a round: sends its signals, and tells what was lost of them.
     *
     * @return whether its signals wait to be sent; if not, the round is told as dropped
     * @throws IllegalArgumentException when the report does not fit the run
     * @throws RelayException when a later round has ended, or this one, or the session is closed
     */
    public synchronized boolean report(RoundReport report) {
        requireOpen();
        requireToCome(report.round());
        requireSteps(report);
        Set<RoundReport.HalfId> seen = new HashSet<>();
        List<Half> halves = new ArrayList<>(report.halves().size());
        for (RoundReport.Half half : report.halves()) {
            half.require(spec);
            requireFirst(half.id(), seen);
            halves.add(recorded(half));
        }
        List<Lost> dropped = new ArrayList<>(report.dropped().size());
        for (RoundReport.HalfId id : report.dropped()) {
            requireFirst(id, seen);
            dropped.add(new Lost(id.subject().kind(), index(id.subject()), id.part()));
        }
        requireEvaluations(report);
        lastRound = report.round();
        return attempt.send(
                new RecordedRound(
                        report.round(),
                        report.fromStep(),
                        report.throughStep(),
                        halves,
                        dropped,
                        report.learningRate(),
                        report.evaluations(),
                        report.nanos(),
                        false));
    }

    /**
     * Checks that a round has not ended.
     *
     * @throws RelayException when it, or a later one, has
     */
    public synchronized void requireToCome(long round) {
        if (round <= lastRound) {
            throw new RelayException(
                    RelayException.Kind.ROUND_PASSED,
                    "round " + round + " has passed: round " + lastRound + " has ended");
        }
    }

    /**
     * What must stand in the trainer's own checkpoint before {@code nextStep}.
     *
     * @throws RelayException as {@link #lease}; the step before {@code nextStep} must be sealed
     */
    public synchronized TrainerCheckpoint checkpoint(long nextStep) {
        requireOpen();
        if (nextStep != attempt.resumeStep()) {
            requireAtHand(nextStep - 1);
            sealed(nextStep - 1);
        }
        return attempt.leases().checkpoint(nextStep);
    }

    /**
     * Tells that the trainer has saved a checkpoint: the controller keeps the statistics that an
     * attempt from it goes on with.
     *
     * @param nextStep first step that a resumed trainer would take
     * @throws RelayException when the step comes before the attempt's first or is not sealed yet;
     *     or when the session is closed
     */
    public synchronized void checkpointSaved(long nextStep) {
        requireOpen();
        requireReached(nextStep, "a checkpoint resumes at");
        attempt.checkpointSaved(nextStep);
    }

    /**
     * Tells that the run is finished: the controller forgets it. To be followed by {@link #close}.
     *
     * @param nextStep first step that is not taken
     * @throws RelayException when the step comes before the attempt's first or is not sealed yet;
     *     or when the session is closed
     */
    public synchronized void finish(long nextStep) {
        requireOpen();
        requireReached(nextStep, "a run is finished before");
        attempt.finish(nextStep);
    }

    /** Last sealed step; the step before the first one when none is. */
    public synchronized long sealedThrough() {
        return attempt.leases().sealedThrough();
    }

    /** The attempt's number; empty until the log has given it. */
    public OptionalLong attempt() {
        return attempt.leases().number();
    }

    /** How the attempt stands to the log. */
    public LogState state() {
        return attempt.state();
    }

    /** Memory of the sketches of ended rounds that are not sent yet, in bytes. */
    public long unsentBytes() {
        return attempt.unsentBytes();
    }

    /**
     * Takes nothing any more, so that another attempt may begin. Does not wait; {@link #close} is
     * still to be called.
     */
    public void stop() {
        attempt.stop();
    }

    /** Ends the attempt; sends what is still on its way, within a limit. Safe to call twice. */
    @Override
    public void close() {
        attempt.close();
    }

    private SealedPlan sealed(long step) {
        try {
            return attempt.leases().at(step);
        } catch (IllegalStateException e) {
            throw new RelayException(RelayException.Kind.STEP_NOT_AT_HAND, e.getMessage());
        }
    }

    private void requireReached(long nextStep, String what) {
        if (nextStep < attempt.resumeStep() || nextStep > attempt.leases().sealedThrough() + 1) {
            throw new RelayException(
                    RelayException.Kind.STEP_NOT_AT_HAND,
                    what
                            + " one of the steps "
                            + attempt.resumeStep()
                            + " to "
                            + (attempt.leases().sealedThrough() + 1)
                            + ", not at "
                            + nextStep);
        }
    }

    /** A sealed step's plan may be forgotten; a step to come always has one. */
    private void requireAtHand(long step) {
        if (step < attempt.resumeStep()) {
            throw new RelayException(
                    RelayException.Kind.STEP_NOT_AT_HAND,
                    "step "
                            + step
                            + " comes before the attempt's first step "
                            + attempt.resumeStep());
        }
        if (step <= attempt.leases().sealedThrough()) {
            sealed(step);
        }
    }

    private void requireFew(long fromStep, long throughStep) {
        long first = Math.min(fromStep, attempt.leases().sealedThrough() + 1);
        if (throughStep >= first + MOST_STEPS) {
            throw new RelayException(
                    RelayException.Kind.STEP_NOT_AT_HAND,
                    "steps "
                            + first
                            + " to "
                            + throughStep
                            + " are more than "
                            + MOST_STEPS
                            + ", counted from the first that is asked for or not sealed");
        }
    }

    private void requireSteps(RoundReport report) {
        RoundSpec rounds = spec.rounds();
        long round = report.round();
        if (round < 0 || round > Long.MAX_VALUE / rounds.steps() - 1) {
            throw new IllegalArgumentException("there is no round " + round);
        }
        if (report.throughStep() != rounds.lastStep(round)
                || report.fromStep() < attempt.firstStep(round)
                || report.fromStep() > report.throughStep()) {
            throw new IllegalArgumentException(
                    "steps "
                            + report.fromStep()
                            + " to "
                            + report.throughStep()
                            + " are not those that this attempt takes of round "
                            + round
                            + ": they begin at "
                            + attempt.firstStep(round)
                            + " or later and end with "
                            + rounds.lastStep(round));
        }
    }

    private void requireEvaluations(RoundReport report) {
        for (Evaluation evaluation : report.evaluations()) {
            if (evaluation.target() < 0
                    || evaluation.target() >= spec.targets().size()
                    || evaluation.tokens() < 1
                    || evaluation.tokens() > SignalRules.MAX_TOKENS
                    || !Double.isFinite(evaluation.loss())) {
                throw new IllegalArgumentException("this cannot be: " + evaluation);
            }
        }
        if (!Double.isFinite(report.learningRate()) || report.nanos() < 0) {
            throw new IllegalArgumentException(
                    "a learning rate of "
                            + report.learningRate()
                            + " and a time of "
                            + report.nanos()
                            + " ns cannot be");
        }
    }

    private static void requireFirst(RoundReport.HalfId id, Set<RoundReport.HalfId> seen) {
        if (!seen.add(id)) {
            throw new IllegalArgumentException(id + " is told twice");
        }
    }

    private Half recorded(RoundReport.Half half) {
        Subject subject = half.id().subject();
        return new Half(
                subject,
                index(subject),
                half.id().part(),
                half.plans(),
                half.tokens(),
                half.sequences(),
                half.lossSum(),
                half.lossSquareSum(),
                new CarriedSketch.Encoded(half.sketch()));
    }

    private int index(Subject subject) {
        int index = spec.indexOf(subject);
        if (index < 0) {
            throw new IllegalArgumentException(
                    "run " + spec.runId() + " declares no " + subject.kind() + " " + subject.id());
        }
        return index;
    }

    private void requireOpen() {
        if (attempt.isStopped()) {
            throw new RelayException(
                    RelayException.Kind.CLOSED, "this attempt is closed: start another one");
        }
    }
}
