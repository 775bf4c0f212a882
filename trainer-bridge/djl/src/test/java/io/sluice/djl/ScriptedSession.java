package io.sluice.djl;

import io.sluice.bridge.Observation;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerCheckpoint;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.TargetId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Draws the groups in turn, a fixed number a step, and keeps what it is told. */
final class ScriptedSession implements TrainerSession {

    /** What {@link #evaluation} was told. */
    record Measured(TargetId target, double meanLoss, long tokens) {}

    private final long resumeStep;
    private final List<GroupId> groups;
    private final int draws;
    private final int roundSteps;

    final List<Observation> observations = new ArrayList<>();
    final List<Measured> evaluations = new ArrayList<>();
    final List<Double> learningRates = new ArrayList<>();
    final List<Long> checkpointsSaved = new ArrayList<>();

    ScriptedSession(long resumeStep, List<GroupId> groups, int draws, int roundSteps) {
        this.resumeStep = resumeStep;
        this.groups = groups.stream().sorted().toList();
        this.draws = draws;
        this.roundSteps = roundSteps;
    }

    @Override
    public long resumeStep() {
        return resumeStep;
    }

    @Override
    public StepPlan plan(long step) {
        List<GroupId> drawn = new ArrayList<>();
        for (long draw = step * draws; draw < (step + 1) * draws; draw++) {
            drawn.add(groups.get((int) (draw % groups.size())));
        }
        return new StepPlan(step, 0, mixture(), drawn);
    }

    @Override
    public boolean measures(long step) {
        return (step + 1) % roundSteps == 0;
    }

    @Override
    public void record(Observation observation) {
        observations.add(observation);
    }

    @Override
    public void evaluation(TargetId target, double meanLoss, long tokens) {
        evaluations.add(new Measured(target, meanLoss, tokens));
    }

    @Override
    public void endStep(long step, double learningRate) {
        learningRates.add(learningRate);
    }

    @Override
    public TrainerCheckpoint checkpoint(long nextStep) {
        Plan plan =
                new Plan("run", 3, 17, "spec", -1, 0, "", 0, mixture(), Plan.Label.PRIOR, "digest");
        return new TrainerCheckpoint("run", nextStep, plan, 0);
    }

    @Override
    public void checkpointSaved(long nextStep) {
        checkpointsSaved.add(nextStep);
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}

    private Mixture mixture() {
        double[] weights = new double[groups.size()];
        Arrays.fill(weights, 1);
        return Mixture.normalised(groups, weights);
    }
}
