package io.sluice.bridge;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal.PlanTokens;
import java.util.List;
import java.util.Optional;

/**
 * What the trainer measured in one round, on its way to the log.
 *
 * @param round the round
 * @param fromStep first step that this attempt took of it
 * @param throughStep its last step
 * @param halves what was measured, one entry per measured subject and part
 * @param learningRate learning rate at the last step
 * @param evaluations losses of targets on held-out rows
 * @param nanos wall time of the round
 * @param lost whether its signals were given up before they were sent; then no half has a sketch
 */
record RecordedRound(
        long round,
        long fromStep,
        long throughStep,
        List<Half> halves,
        double learningRate,
        List<Evaluation> evaluations,
        long nanos,
        boolean lost) {

    /**
     * Sums over one half of a subject's observations.
     *
     * @param subject the group or target
     * @param index its index among its kind in the run spec
     * @param part 0 (A) or 1 (B)
     * @param plans tokens by the version that drew them, by increasing version; empty for targets
     * @param sketch sum of the sketches in single precision, lent by a pool; empty where an
     *     observation came without one
     */
    record Half(
            Subject subject,
            int index,
            int part,
            List<PlanTokens> plans,
            long tokens,
            long sequences,
            double lossSum,
            double lossSquareSum,
            Optional<float[]> sketch) {

        private Half withoutSketch() {
            return new Half(
                    subject,
                    index,
                    part,
                    plans,
                    tokens,
                    sequences,
                    lossSum,
                    lossSquareSum,
                    Optional.empty());
        }
    }

    /** The same round with its signals given up; its sketches go back to the pool. */
    RecordedRound giveUp(SketchPool pool) {
        halves.forEach(half -> half.sketch().ifPresent(pool::giveBack));
        return new RecordedRound(
                round,
                fromStep,
                throughStep,
                halves.stream().map(Half::withoutSketch).toList(),
                learningRate,
                evaluations,
                nanos,
                true);
    }
}
