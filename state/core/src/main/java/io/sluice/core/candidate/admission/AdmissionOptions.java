package io.sluice.core.candidate.admission;

/**
 * How much of a group is let in.
 *
 * @param wantedTokens tokens that a run draws of the catalog from its start to its end; a group is
 *     full when it holds its share of those that are still to be drawn
 * @param unplannedShare share of a group that no plan draws, as one that is yet to come into a
 *     mixture
 * @param keepShare share of the documents that a group nearly full still takes, the best; an empty
 *     one takes all
 * @param warmUpDocuments documents of a group that are let in before its scores are compared
 * @param leastScore score below which no document is let in, however needy its group
 * @param weightSpread how far the weight of the worst and best document of a group lies from 1
 */
public record AdmissionOptions(
        long wantedTokens,
        double unplannedShare,
        double keepShare,
        int warmUpDocuments,
        double leastScore,
        double weightSpread) {

    /** What is used where nothing is said. */
    public static final AdmissionOptions DEFAULT =
            new AdmissionOptions(100_000_000_000L, 0.01, 0.5, 100, 0.05, 0.5);

    public AdmissionOptions {
        require(wantedTokens >= 1, "wanted tokens", wantedTokens, "at least 1");
        require(share(unplannedShare), "unplanned share", unplannedShare, "0 to 1");
        require(share(keepShare), "keep share", keepShare, "0 to 1");
        require(warmUpDocuments >= 0, "warm-up documents", warmUpDocuments, "at least 0");
        require(share(leastScore), "least score", leastScore, "0 to 1");
        require(
                weightSpread >= 0 && weightSpread < 1,
                "weight spread",
                weightSpread,
                "at least 0 and below 1");
    }

    private static boolean share(double value) {
        return value >= 0 && value <= 1;
    }

    private static void require(boolean holds, String what, Number value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "admission's " + what + " " + value + " is not allowed: use " + allowed);
        }
    }
}
