package io.sluice.core.signal;

import io.sluice.core.domain.Subject;
import java.util.Arrays;
import java.util.List;

/**
 * What one reporter observed of one subject over one round and one half. Sums and counts, never
 * means.
 *
 * @param runId the run
 * @param specDigest digest of the run spec it was measured under
 * @param attempt the attempt
 * @param round the round
 * @param subject the group or target
 * @param reporter who measured
 * @param part split half: 0 (A) or 1 (B); micro-batches of a subject alternate between them
 * @param fromStep first step covered
 * @param throughStep last step covered
 * @param plans how many of the tokens each plan version drew, by increasing version; empty for
 *     targets
 * @param tokens tokens measured
 * @param sequences sequences measured
 * @param lossSum sum over tokens of the loss, in nats
 * @param lossSquareSum sum over tokens of the squared loss, in nats squared
 * @param sketch sketch of the sum over tokens of the gradient, as bfloat16 bytes; empty where no
 *     gradient was taken
 */
public record Signal(
        String runId,
        String specDigest,
        long attempt,
        long round,
        Subject subject,
        String reporter,
        int part,
        long fromStep,
        long throughStep,
        List<PlanTokens> plans,
        long tokens,
        long sequences,
        double lossSum,
        double lossSquareSum,
        byte[] sketch) {

    /** Number of split halves. */
    public static final int PARTS = 2;

    /** Tokens that one plan version drew. */
    public record PlanTokens(long version, long tokens) {}

    public Signal {
        plans = List.copyOf(plans);
    }

    /** Whether a gradient was taken. */
    public boolean hasSketch() {
        return sketch.length > 0;
    }

    @Override
    public boolean equals(Object object) {
        if (!(object instanceof Signal)) {
            return false;
        }
        Signal other = (Signal) object;
        return runId.equals(other.runId)
                && specDigest.equals(other.specDigest)
                && attempt == other.attempt
                && round == other.round
                && subject.equals(other.subject)
                && reporter.equals(other.reporter)
                && part == other.part
                && fromStep == other.fromStep
                && throughStep == other.throughStep
                && plans.equals(other.plans)
                && tokens == other.tokens
                && sequences == other.sequences
                && Double.compare(lossSum, other.lossSum) == 0
                && Double.compare(lossSquareSum, other.lossSquareSum) == 0
                && Arrays.equals(sketch, other.sketch);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(new Object[] {runId, attempt, round, subject, reporter, part});
    }
}
