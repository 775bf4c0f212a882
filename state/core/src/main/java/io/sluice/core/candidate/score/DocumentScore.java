package io.sluice.core.candidate.score;

import io.sluice.core.domain.Ids;

/**
 * What a scorer says of a document.
 *
 * @param scorer the scorer's name
 * @param version its version; scores of different versions do not compare
 * @param value 0 (worst) to 1 (best)
 */
public record DocumentScore(String scorer, int version, double value) {

    public DocumentScore {
        Ids.require(scorer, "scorer");
        if (version < 1) {
            throw new IllegalArgumentException("scorer version " + version + " is below 1");
        }
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(scorer + " scored " + value + ", not 0 to 1");
        }
    }
}
