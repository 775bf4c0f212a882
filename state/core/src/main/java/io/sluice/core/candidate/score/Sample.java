package io.sluice.core.candidate.score;

import io.sluice.core.sketch.Hashes;

/**
 * A share of all documents, chosen by their identifiers: the same ones in every life of a job.
 *
 * @param share 0 to 1
 */
public record Sample(double share) {

    private static final long SEED = 0x5a4d91e5L;
    private static final double UNIT = 0x1p-53;

    public Sample {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "a share of " + share + " is not allowed: use 0 to 1");
        }
    }

    /** Whether a document belongs to it. */
    public boolean holds(String id) {
        return (Hashes.mix64(SEED, Hashes.hash(id), 0) >>> 11) * UNIT < share;
    }
}
