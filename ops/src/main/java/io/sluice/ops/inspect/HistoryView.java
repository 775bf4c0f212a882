package io.sluice.ops.inspect;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The newest plans of a run.
 *
 * @param run the run
 * @param published how many plans of the run the log holds
 * @param plans the newest of them, the oldest first
 * @param commands the newest commands that operators gave, the oldest first, heeded or not
 * @param skipped records that are not what the contract says
 */
public record HistoryView(
        String run,
        long published,
        List<PlanLine> plans,
        List<CommandLine> commands,
        long skipped) {

    /** What became of a plan. */
    public enum Outcome {
        /** Sealed steps use it, or used it. */
        SEALED,
        /** A bridge accepted it, and no sealed step uses it. */
        ACCEPTED,
        /** A bridge refused it. */
        REFUSED,
        /** No answer is in the log. */
        UNANSWERED
    }

    /**
     * One plan.
     *
     * @param version its version
     * @param attempt the attempt it was made for
     * @param round the round that decided it
     * @param label why it looks as it does
     * @param effectiveStep first step from which it might hold
     * @param sealed the steps that use it, by attempt, in the order of their seals; the newest few
     * @param outcome what became of it
     * @param refusal why it was refused; empty when it was not
     * @param kl divergence from the mixture it replaced, in nats; empty when that is unknown
     * @param moved how many groups it changed
     * @param largest the largest changes
     * @param digest its digest
     * @param absentReporters reporters of the attempt that are not in the round
     */
    public record PlanLine(
            long version,
            long attempt,
            long round,
            String label,
            long effectiveStep,
            List<Steps> sealed,
            Outcome outcome,
            String refusal,
            OptionalDouble kl,
            int moved,
            List<Move> largest,
            String digest,
            int absentReporters) {}

    /**
     * Sealed steps of one attempt.
     *
     * @param attempt the attempt
     * @param from first step
     * @param through last step
     */
    public record Steps(long attempt, long from, long through) {}
}
