package io.sluice.bridge;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal.PlanTokens;
import java.util.List;

/**
 * What the trainer measured in one round, on its way to the log.
 *
 * @param round the round
 * @param fromStep first step that this attempt took of it
 * @param throughStep its last step
 * @param halves what was measured, one entry per measured subject and part
 * @param dropped what was measured and lost before it came here
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
        List<Lost> dropped,
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
     * @param sketch sum of the sketches, scaled to all tokens; none where no gradient was taken
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
            CarriedSketch sketch) {

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
                    CarriedSketch.NONE);
        }
    }

    /**
     * One half of which nothing is left.
     *
     * @param kind group or target
     * @param index its index among its kind in the run spec
     * @param part 0 (A) or 1 (B)
     */
    record Lost(Subject.Kind kind, int index, int part) {}

    /** Memory of its sketches beyond what a pool lends. */
    long sketchBytes() {
        return halves.stream().mapToLong(half -> half.sketch().bytes()).sum();
    }

    /** The same round with its signals given up. */
    RecordedRound giveUp() {
        halves.forEach(half -> half.sketch().giveUp());
        return new RecordedRound(
                round,
                fromStep,
                throughStep,
                halves.stream().map(Half::withoutSketch).toList(),
                dropped,
                learningRate,
                evaluations,
                nanos,
                true);
    }
}
