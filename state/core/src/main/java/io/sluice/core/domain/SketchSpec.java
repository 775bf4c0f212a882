package io.sluice.core.domain;

/**
 * The linear projection that every gradient of a run goes through (spec v1, see {@code
 * io.sluice.core.sketch}).
 *
 * @param dimension number of buckets k, at least 16; a prime avoids resonance with the shapes of
 *     weight matrices
 * @param seed seed of the signs; the same for every group, target and rank of a run
 */
public record SketchSpec(int dimension, long seed) {

    /** The dimension that the default of a run has: one-sigma error of a cosine 0.011. */
    public static final int DEFAULT_DIMENSION = 8191;

    /** Largest dimension: two bytes a bucket, so that a signal stays within a message. */
    public static final int MAX_DIMENSION = 65_521;

    public SketchSpec {
        if (dimension < 16 || dimension > MAX_DIMENSION) {
            throw new IllegalArgumentException(
                    "sketch dimension " + dimension + " is not in [16, " + MAX_DIMENSION + "]");
        }
    }
}
