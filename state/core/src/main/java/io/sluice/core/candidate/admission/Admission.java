package io.sluice.core.candidate.admission;

import java.util.List;

/**
 * Lets documents into a group.
 *
 * <pre>
 * f = min(1, max(0, tokens - D_j) / (s (W - D)))
 * </pre>
 *
 * <p>A run with share s, which has drawn D of the W wanted tokens and D_j of them from the group,
 * has yet to draw {@code s (W - D)}; for that the group holds what was not drawn of its tokens. f
 * is how far that fills it; of several runs the least counts. So a group is full at {@code D_j + s
 * (W - D)}: what is drawn lowers what is needed, and what a run draws beyond what a group holds
 * makes it needy again.
 *
 * <p>The group takes a document whose rank among its scores is at least {@code f (1 - keep)}: all
 * while it has nothing, the best {@code keep} when nearly full, none when full. A rank below
 * {@value #SURE} over the number of scores is not asked for: of so few no more is known of what
 * lies below (with none of n seen below, a share of up to 3 / n may be, at 95 %). A score below the
 * least is turned away however needy the group. A document's weight is {@code 1 + spread (2 rank -
 * 1)}.
 */
public final class Admission {

    private static final double SURE = 3;

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
            GroupStock stock, long tokens, double score, List<Need> needs, long nowMillis) {
        return judge(stock, tokens, score, stock.scores().rank(score), needs, nowMillis);
    }

    /**
     * Judges a document.
     *
     * @param stock the group's books
     * @param tokens the document's tokens
     * @param score its score, 0 to 1
     * @param rank its rank among those that it is compared with, 0 to 1
     * @param needs of the runs whose mixtures draw the group; where there is none, a share for such
     *     groups counts
     * @param nowMillis the time
     */
    public Result judge(
            GroupStock stock,
            long tokens,
            double score,
            double rank,
            List<Need> needs,
            long nowMillis) {
        double filled = filled(stock.tokens(), needs);
        long known = stock.scores().total();
        boolean comparable = known >= options.warmUpDocuments();
        double asked = filled * (1 - options.keepShare());
        double least = comparable && asked * known >= SURE ? asked : 0;
        boolean low = score < options.leastScore() || rank < least;
        Verdict verdict =
                filled >= 1 ? Verdict.GROUP_FULL : low ? Verdict.LOW_SCORE : Verdict.ADMITTED;
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

    private double filled(long tokens, List<Need> needs) {
        List<Need> all = needs.isEmpty() ? List.of(Need.of(options.unplannedShare())) : needs;
        return all.stream()
                .mapToDouble(need -> need.filled(tokens, options.wantedTokens()))
                .min()
                .orElseThrow();
    }

    /** The books after a document that had been let in before the restart comes again. */
    public GroupStock again(GroupStock stock, long tokens, double score, long nowMillis) {
        return stock.admit(tokens, score, nowMillis);
    }
}
