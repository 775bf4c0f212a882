package io.sluice.core.signal;

import io.sluice.core.domain.Subject;
import java.util.List;

/**
 * A reporter's statement that a round is over, and what became of its signals.
 *
 * @param runId the run
 * @param specDigest digest of the run spec
 * @param attempt the attempt
 * @param round the round
 * @param reporter who closes it
 * @param fromStep first step of the round that this attempt took
 * @param throughStep last step of the round
 * @param outcomes one entry per subject and part
 * @param learningRate learning rate at the last step
 * @param evaluations losses on the targets' held-out rows, where they were measured in this round
 * @param nanos wall time of the round, in nanoseconds; for people, never for decisions
 */
public record RoundClosed(
        String runId,
        String specDigest,
        long attempt,
        long round,
        String reporter,
        long fromStep,
        long throughStep,
        List<SubjectOutcome> outcomes,
        double learningRate,
        List<Evaluation> evaluations,
        long nanos) {

    /** What became of a signal. */
    public enum Outcome {
        /** The log has it. */
        ACKNOWLEDGED,
        /** Nothing was measured. */
        ABSENT,
        /** It was measured and lost on the way to the log. */
        DROPPED
    }

    /**
     * Outcome of one part of one subject; {@code index} is the subject's index among its kind in
     * the run spec.
     */
    public record SubjectOutcome(Subject.Kind kind, int index, int part, Outcome outcome) {}

    /** Mean loss per token of one target, by its index in the run spec. */
    public record Evaluation(int target, double loss, long tokens) {}

    public RoundClosed {
        outcomes = List.copyOf(outcomes);
        evaluations = List.copyOf(evaluations);
    }
}
