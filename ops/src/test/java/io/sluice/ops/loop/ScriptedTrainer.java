package io.sluice.ops.loop;

import io.sluice.bridge.Observation;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetSpec;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A trainer without a model: the gradient of each group points a fixed way, give or take some
 * noise, so that the best mixture is known. Group g's gradient has the given cosine with the one
 * direction in which all targets point.
 */
final class ScriptedTrainer {

    private static final int ROWS = 8;
    private static final int TOKENS = 128 * ROWS;
    private static final double NOISE = 0.02;

    private final RunSpec spec;
    private final Map<GroupId, Double> cosines;
    private final SplittableRandom random;

    ScriptedTrainer(RunSpec spec, Map<GroupId, Double> cosines, long seed) {
        this.spec = spec;
        this.cosines = cosines;
        this.random = new SplittableRandom(seed);
    }

    /** Takes one step, and says what its plan was. */
    StepPlan step(TrainerSession session, long step) {
        StepPlan plan = session.plan(step);
        for (GroupId group : plan.draws()) {
            int index = spec.groupIndex(group);
            session.record(observation(Subject.of(group), cosines.get(group), 1 + index));
        }
        if (session.measures(step)) {
            for (TargetSpec target : spec.targets()) {
                for (int half = 0; half < 2; half++) {
                    session.record(observation(Subject.of(target.id()), 1, 0));
                }
                session.evaluation(target.id(), 2.5, TOKENS);
            }
        }
        session.endStep(step, 1e-3);
        return plan;
    }

    private Observation observation(Subject subject, double cosine, int sideways) {
        float[] sketch = new float[spec.sketch().dimension()];
        for (int b = 0; b < sketch.length; b++) {
            sketch[b] = (float) (NOISE * (random.nextDouble() - 0.5) * TOKENS);
        }
        sketch[0] += (float) (cosine * TOKENS);
        sketch[sideways] += (float) (Math.sqrt(1 - cosine * cosine) * TOKENS);
        return new Observation(subject, TOKENS, ROWS, 2.5 * TOKENS, 7.0 * TOKENS, sketch);
    }
}
