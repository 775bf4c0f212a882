package io.sluice.bridge;

import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.sequence.SealedPlan;
import java.util.Optional;

/** The trainer's side of one attempt: leases on the way out, rounds on the way in. */
final class AttemptSession implements TrainerSession {

    private final RoundSpec rounds;
    private final long resumeStep;
    private final Leases leases;
    private final RoundRecorder recorder;
    private final RoundQueue queue;
    private final AttemptThreads threads;
    private final BridgeMetrics metrics;

    private long step;
    private Optional<SealedPlan> underWay = Optional.empty();
    private long shownVersion = -1;

    AttemptSession(
            RunSpec spec,
            long resumeStep,
            Leases leases,
            RoundRecorder recorder,
            RoundQueue queue,
            AttemptThreads threads,
            BridgeMetrics metrics) {
        this.rounds = spec.rounds();
        this.resumeStep = resumeStep;
        this.leases = leases;
        this.recorder = recorder;
        this.queue = queue;
        this.threads = threads;
        this.metrics = metrics;
        this.step = resumeStep;
    }

    @Override
    public long resumeStep() {
        return resumeStep;
    }

    @Override
    public StepPlan plan(long wanted) {
        requireOpen();
        return leases.plan(wanted);
    }

    @Override
    public boolean startsRound(long candidate) {
        return candidate == firstStep(rounds.roundOf(candidate));
    }

    @Override
    public boolean takesTargets(long candidate) {
        long round = rounds.roundOf(candidate);
        long first = firstStep(round);
        return candidate == first + (rounds.lastStep(round) - first) / 2;
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
        metrics.planAge(step - underWay().firstStep());
        if (step == rounds.lastStep(rounds.roundOf(step))) {
            endRound(learningRate);
        }
        // A checkpoint may be asked for a little later than its step, but not a round later.
        leases.forgetBefore(step - rounds.steps());
        step++;
        underWay = Optional.empty();
    }

    @Override
    public TrainerCheckpoint checkpoint(long nextStep) {
        return leases.checkpoint(nextStep);
    }

    @Override
    public void close() {
        threads.close();
    }

    private void endRound(double learningRate) {
        long round = rounds.roundOf(step);
        RecordedRound recorded = recorder.end(round, firstStep(round), learningRate);
        int signals = recorded.halves().size();
        metrics.roundEnded();
        if (!queue.add(recorded, threads.numbered())) {
            metrics.signals(0, signals);
        }
        metrics.queued(queue.size());
    }

    /** First step of a round that this attempt takes. */
    private long firstStep(long round) {
        return Math.max(rounds.firstStep(round), resumeStep);
    }

    /** The plan of the step under way, whatever steps a loader has asked for ahead. */
    private SealedPlan underWay() {
        if (underWay.isEmpty()) {
            SealedPlan sealed = leases.at(step);
            underWay = Optional.of(sealed);
            if (sealed.plan().version() != shownVersion) {
                shownVersion = sealed.plan().version();
                metrics.mixture(shownVersion, sealed.plan().mixture());
            }
        }
        return underWay.get();
    }

    private void requireOpen() {
        if (threads.isClosed()) {
            throw new IllegalStateException("this attempt is closed: start another one");
        }
    }
}
