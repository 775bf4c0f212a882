package io.sluice.core.candidate.admission;

import java.util.OptionalDouble;

/**
 * Lets documents into a group. With share s of the wanted tokens W a group is filled to {@code f =
 * min(1, tokens / (s W))}; it takes a document whose rank among the group's scores is at least
 * {@code f (1 - keep)}: all of them while it has nothing, the best {@code keep} when nearly full,
 * none when full. Its weight within the group is {@code 1 + spread (2 rank - 1)}.
 */
public final class Admission {

    private final AdmissionOptions options;

    public Admission(AdmissionOptions options) {
        this.options = options;
    }

    /** Why a document was let in or not. */
    public enum Verdict {
        /** It was let in. */
        ADMITTED,
        /** Its group has all that is wanted of it. */
        GROUP_FULL,
        /** The group wants better documents. */
        LOW_SCORE
    }

    /**
     * What became of a document.
     *
     * @param verdict let in, or why not
     * @param weight how often it is to be drawn relative to others of its group
     * @param rank its rank among the group's scores, 0 to 1
     * @param leastRank the rank that was asked for
     * @param stock the group's books thereafter
     */
    public record Result(
            Verdict verdict, double weight, double rank, double leastRank, GroupStock stock) {}

    /** Judges a document by its rank among the scores of its group. */
    public Result judge(
            GroupStock stock, long tokens, double score, OptionalDouble planned, long nowMillis) {
        return judge(stock, tokens, score, stock.scores().rank(score), planned, nowMillis);
    }

    /**
     * Judges a document.
     *
     * @param stock the group's books
     * @param tokens the document's tokens
     * @param score its score, 0 to 1
     * @param rank its rank among those that it is compared with, 0 to 1
     * @param planned the group's share in the plans that draw from the catalog; empty when none
     *     names it
     * @param nowMillis the time
     */
    public Result judge(
            GroupStock stock,
            long tokens,
            double score,
            double rank,
            OptionalDouble planned,
            long nowMillis) {
        double wanted = planned.orElse(options.unplannedShare()) * options.wantedTokens();
        double filled = wanted > 0 ? Math.min(1, stock.tokens() / wanted) : 1;
        boolean comparable = stock.scores().total() >= options.warmUpDocuments();
        double least = comparable ? filled * (1 - options.keepShare()) : 0;
        Verdict verdict =
                filled >= 1
                        ? Verdict.GROUP_FULL
                        : rank < least ? Verdict.LOW_SCORE : Verdict.ADMITTED;
        double weight = comparable ? 1 + options.weightSpread() * (2 * rank - 1) : 1;
        return new Result(
                verdict,
                weight,
                rank,
                least,
                verdict == Verdict.ADMITTED
                        ? stock.admit(tokens, score, nowMillis)
                        : stock.turnAway(score));
    }

    /** The books after a document that had been let in before the restart comes again. */
    public GroupStock again(GroupStock stock, long tokens, double score, long nowMillis) {
        return stock.admit(tokens, score, nowMillis);
    }
}
