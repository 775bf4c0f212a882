package io.sluice.bridge;

import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.sequence.SealedPlan;
import java.util.Optional;

/** The trainer's side of one attempt: leases on the way out, rounds on the way in. */
final class AttemptSession implements TrainerSession {

    private final RoundSpec rounds;
    private final OpenAttempt attempt;
    private final Leases leases;
    private final RoundRecorder recorder;
    private final StepFollower follower;

    private long step;
    private Optional<SealedPlan> underWay = Optional.empty();

    AttemptSession(RunSpec spec, OpenAttempt attempt, RoundRecorder recorder) {
        this.rounds = spec.rounds();
        this.attempt = attempt;
        this.leases = attempt.leases();
        this.recorder = recorder;
        this.follower = attempt.follow();
        this.step = attempt.resumeStep();
    }

    @Override
    public long resumeStep() {
        return attempt.resumeStep();
    }

    @Override
    public StepPlan plan(long wanted) {
        requireOpen();
        StepPlan plan = leases.plan(wanted);
        follower.asked(wanted);
        return plan;
    }

    @Override
    public boolean measures(long candidate) {
        return candidate == rounds.lastStep(rounds.roundOf(candidate));
    }

    @Override
    public void record(Observation observation) {
        requireOpen();
        recorder.add(observation, underWay().plan().version());
    }

    @Override
    public void evaluation(TargetId target, double meanLoss, long tokens) {
        requireOpen();
        recorder.evaluation(target, meanLoss, tokens);
    }

    @Override
    public void endStep(long ended, double learningRate) {
        requireOpen();
        if (ended != step) {
            throw new IllegalArgumentException(
                    "step " + step + " is under way, so step " + ended + " cannot end");
        }
        underWay();
        if (step == rounds.lastStep(rounds.roundOf(step))) {
            long round = rounds.roundOf(step);
            attempt.ended(recorder.end(round, attempt.firstStep(round), learningRate));
        }
        step++;
        follower.takes(step);
        underWay = Optional.empty();
    }

    @Override
    public TrainerCheckpoint checkpoint(long nextStep) {
        return leases.checkpoint(nextStep);
    }

    @Override
    public void checkpointSaved(long nextStep) {
        requireOpen();
        attempt.checkpointSaved(nextStep);
    }

    @Override
    public void finish() {
        requireOpen();
        attempt.finish(step);
    }

    @Override
    public void close() {
        attempt.close();
    }

    /** The plan of the step under way, whatever steps a loader has asked for ahead. */
    private SealedPlan underWay() {
        if (underWay.isEmpty()) {
            underWay = Optional.of(leases.at(step));
            attempt.uses(step, underWay.get());
        }
        return underWay.get();
    }

    private void requireOpen() {
        if (attempt.isStopped()) {
            throw new IllegalStateException("this attempt is closed: start another one");
        }
    }
}
