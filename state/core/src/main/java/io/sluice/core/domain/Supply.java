package io.sluice.core.domain;

/**
 * How much there is of a group before its tokens repeat.
 *
 * @param uniqueTokens distinct tokens of the group; 0 while its first documents are waited for
 * @param maxEpochs how often they may be drawn, in [1, {@value #MOST_EPOCHS}]
 */
public record Supply(long uniqueTokens, double maxEpochs) {

    /** Most epochs that a run may ask for; a token's worth has decayed to half a percent there. */
    public static final double MOST_EPOCHS = 80;

    /** Epochs at which a group is stopped unless the run says otherwise: a safety, not a target. */
    public static final double DEFAULT_EPOCHS = 16;

    public Supply {
        if (uniqueTokens < 0) {
            throw new IllegalArgumentException("unique tokens " + uniqueTokens + " are below 0");
        }
        if (!(maxEpochs >= 1 && maxEpochs <= MOST_EPOCHS)) {
            throw new IllegalArgumentException(
                    "most epochs " + maxEpochs + " are not in [1, " + MOST_EPOCHS + "]");
        }
    }
}
