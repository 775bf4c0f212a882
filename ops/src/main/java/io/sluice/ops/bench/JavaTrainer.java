package io.sluice.ops.bench;

import io.sluice.bridge.Observation;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Subject;

/**
 * A trainer without a model, beside a bridge in its own process; times what Sluice takes of its
 * steps.
 */
final class JavaTrainer {

    private static final int WARM_UP_STEPS = 20_000;
    private static final int TOKENS = 2048;
    private static final int SEQUENCES = 4;
    private static final float[] NO_SKETCH = {};

    /** Of about as many nanoseconds as a step. */
    private static final int NOISE_TURNS = 4_000;

    private final TrainerSession session;
    private final long pauseMillis;
    private long step;

    /**
     * @param pauseMillis the rest of a step, in which the trainer waits
     */
    JavaTrainer(TrainerSession session, long pauseMillis) {
        this.session = session;
        this.pauseMillis = pauseMillis;
        this.step = session.resumeStep();
    }

    /** Takes steps that are not timed, until they are compiled. */
    void warmUp() throws InterruptedException {
        for (int i = 0; i < WARM_UP_STEPS; i++) {
            take(NO_SKETCH);
            Thread.sleep(1);
        }
    }

    /** All calls of each of some steps together, with losses alone. */
    CallTimes losses(int steps) throws InterruptedException {
        return time(steps, NO_SKETCH);
    }

    /** The same with a sketch for every draw. */
    CallTimes sketches(int steps, int dimension) throws InterruptedException {
        float[] sketch = new float[dimension];
        for (int b = 0; b < dimension; b++) {
            sketch[b] = b;
        }
        return time(steps, sketch);
    }

    /** As many turns of a loop that does no more than arithmetic: what the machine adds. */
    CallTimes noise(int steps) throws InterruptedException {
        CallTimes times = new CallTimes(steps);
        long sum = 0;
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            for (int turn = 0; turn < NOISE_TURNS; turn++) {
                sum = sum * 31 + turn;
            }
            times.add(System.nanoTime() - start + (sum & 1));
            Thread.sleep(pauseMillis);
        }
        return times;
    }

    private CallTimes time(int steps, float[] sketch) throws InterruptedException {
        CallTimes times = new CallTimes(steps);
        for (int i = 0; i < steps; i++) {
            long start = System.nanoTime();
            take(sketch);
            times.add(System.nanoTime() - start);
            Thread.sleep(pauseMillis);
        }
        return times;
    }

    private void take(float[] sketch) {
        StepPlan plan = session.plan(step);
        for (GroupId group : plan.draws()) {
            session.record(new Observation(Subject.of(group), TOKENS, SEQUENCES, 5e3, 2e4, sketch));
        }
        session.endStep(step, 3e-4);
        step++;
    }
}
