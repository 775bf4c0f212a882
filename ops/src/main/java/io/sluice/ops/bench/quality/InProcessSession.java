package io.sluice.ops.bench.quality;

import io.sluice.bridge.Observation;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerCheckpoint;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A trainer's session with an {@link InProcessLoop}: rounds in, plans out, no network between. */
final class InProcessSession implements TrainerSession {

    private final RunSpec spec;
    private final InProcessLoop loop;
    private final RoundSums sums;
    private final TreeMap<Integer, Evaluation> evaluations = new TreeMap<>();
    private final TreeMap<Long, Mixture> mixtures = new TreeMap<>();
    private long version = -1;

    InProcessSession(RunSpec spec, int drawsPerStep) {
        this.spec = spec;
        this.loop = new InProcessLoop(spec, drawsPerStep);
        this.sums = new RoundSums(spec, loop.attempt());
    }

    /** The mixtures that have been in force, by the first step of each. */
    SortedMap<Long, Mixture> mixtures() {
        return mixtures;
    }

    @Override
    public long resumeStep() {
        return 0;
    }

    @Override
    public StepPlan plan(long step) {
        StepPlan plan = loop.plan(step);
        if (plan.version() != version) {
            version = plan.version();
            mixtures.put(step, plan.mixture());
        }
        return plan;
    }

    @Override
    public boolean measures(long step) {
        return step == spec.rounds().lastStep(spec.rounds().roundOf(step));
    }

    @Override
    public void record(Observation observation) {
        sums.add(observation, version);
    }

    @Override
    public void evaluation(TargetId target, double meanLoss, long tokens) {
        int index = spec.targetIndex(target);
        evaluations.put(index, new Evaluation(index, meanLoss, tokens));
    }

    @Override
    public void endStep(long step, double learningRate) {
        long round = spec.rounds().roundOf(step);
        if (step < spec.rounds().lastStep(round)) {
            return;
        }
        List<Signal> signals = sums.end(round);
        List<SubjectOutcome> outcomes =
                signals.stream()
                        .map(
                                signal ->
                                        new SubjectOutcome(
                                                signal.subject().kind(),
                                                spec.indexOf(signal.subject()),
                                                signal.part(),
                                                Outcome.ACKNOWLEDGED))
                        .toList();
        loop.round(
                signals,
                new RoundClosed(
                        spec.runId(),
                        spec.digest(),
                        loop.attempt().number(),
                        round,
                        InProcessLoop.REPORTER,
                        spec.rounds().firstStep(round),
                        step,
                        outcomes,
                        learningRate,
                        List.copyOf(evaluations.values()),
                        0));
        evaluations.clear();
    }

    /** Runs of a benchmark are taken whole or not at all. */
    @Override
    public TrainerCheckpoint checkpoint(long nextStep) {
        throw new UnsupportedOperationException("a run in process has no checkpoints");
    }

    @Override
    public void checkpointSaved(long nextStep) {
        throw new UnsupportedOperationException("a run in process has no checkpoints");
    }

    /** Nothing outlives the process. */
    @Override
    public void finish() {}

    @Override
    public void close() {}
}
