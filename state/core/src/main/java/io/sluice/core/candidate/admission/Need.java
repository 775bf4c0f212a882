package io.sluice.core.candidate.admission;

/**
 * What a run draws of a group.
 *
 * @param share the group's share in the mixture that is followed, 0 to 1
 * @param drawn tokens that it has drawn of the group, at least 0
 * @param drawnInAll tokens that it has drawn of all groups of the catalog, at least 0
 */
public record Need(double share, long drawn, long drawnInAll) {

    public Need {
        if (!(share >= 0 && share <= 1) || drawn < 0 || drawnInAll < 0) {
            throw new IllegalArgumentException(
                    "a share of "
                            + share
                            + " with "
                            + drawn
                            + " tokens drawn of "
                            + drawnInAll
                            + " is not possible");
        }
    }

    /** A run that has drawn nothing yet. */
    public static Need of(double share) {
        return new Need(share, 0, 0);
    }

    /**
     * How far the run's need of the group is met: tokens that it has not drawn, over those that it
     * will draw.
     *
     * @param tokens tokens that the group holds, drawn ones among them
     * @param wanted tokens that the run draws of the catalog from its start to its end
     * @return 0 to 1
     */
    double filled(long tokens, long wanted) {
        double ahead = share * Math.max(0, wanted - drawnInAll);
        double fresh = Math.max(0, tokens - drawn);
        return ahead > 0 ? Math.min(1, fresh / ahead) : 1;
    }
}
