package io.sluice.bridge;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.Signal.PlanTokens;
import io.sluice.core.signal.SignalRules;
import java.util.List;

/**
 * What a trainer in another process measured in one round, already summed up.
 *
 * @param round the round
 * @param fromStep first step that this attempt took of it
 * @param throughStep the round's last step
 * @param halves what was measured, at most one entry per subject and part
 * @param dropped what was measured and lost on the way here
 * @param learningRate learning rate at the last step
 * @param evaluations losses of targets on held-out rows
 * @param nanos wall time of the round
 */
public record RoundReport(
        long round,
        long fromStep,
        long throughStep,
        List<Half> halves,
        List<HalfId> dropped,
        double learningRate,
        List<Evaluation> evaluations,
        long nanos) {

    public RoundReport {
        halves = List.copyOf(halves);
        dropped = List.copyOf(dropped);
        evaluations = List.copyOf(evaluations);
    }

    /** One half of a subject: part 0 (A) or 1 (B). */
    public record HalfId(Subject subject, int part) {

        public HalfId {
            if (part < 0 || part >= Signal.PARTS) {
                throw new IllegalArgumentException("part " + part + " is neither 0 nor 1");
            }
        }
    }

    /**
     * Sums over one half of a subject's observations in a round.
     *
     * @param id the half
     * @param plans tokens by the version that drew them, by increasing version; empty for targets
     * @param tokens tokens measured
     * @param sequences sequences measured
     * @param lossSum sum over the tokens of the loss, in nats
     * @param lossSquareSum sum over the tokens of the squared loss
     * @param sketch sketch of the sum over the tokens of the gradient, as bfloat16 bytes; empty
     *     where no gradient was taken. The array is kept
     */
    public record Half(
            HalfId id,
            List<PlanTokens> plans,
            long tokens,
            long sequences,
            double lossSum,
            double lossSquareSum,
            byte[] sketch) {

        private static final int FIXED_BYTES = 256;

        public Half {
            plans = List.copyOf(plans);
        }

        /**
         * Checks that the run's job would take it.
         *
         * @throws IllegalArgumentException when a number cannot be, or the run has no such subject
         */
        public void require(RunSpec spec) {
            Subject subject = id.subject();
            if (spec.indexOf(subject) < 0) {
                throw new IllegalArgumentException(
                        "run " + spec.runId() + " declares no " + name(subject));
            }
            for (int i = 1; i < plans.size(); i++) {
                if (plans.get(i).version() <= plans.get(i - 1).version()) {
                    throw new IllegalArgumentException(
                            "the versions of " + name(subject) + " do not increase");
                }
            }
            if (!subject.isGroup() && !plans.isEmpty()) {
                throw new IllegalArgumentException("the tokens of a target were drawn by no plan");
            }
            Signal signal =
                    new Signal(
                            spec.runId(),
                            spec.digest(),
                            Leases.UNNUMBERED,
                            0,
                            subject,
                            "",
                            id.part(),
                            0,
                            0,
                            plans,
                            tokens,
                            sequences,
                            lossSum,
                            lossSquareSum,
                            sketch);
            SignalRules.checkMeasurements(signal, spec)
                    .ifPresent(
                            rejection -> {
                                throw new IllegalArgumentException(
                                        name(subject)
                                                + ", part "
                                                + id.part()
                                                + ": "
                                                + rejection.message());
                            });
        }

        /** About how much memory it takes. */
        public long bytes() {
            return FIXED_BYTES + 2L * Long.BYTES * plans.size() + sketch.length;
        }

        private static String name(Subject subject) {
            return subject.kind() + " " + subject.id();
        }
    }
}
