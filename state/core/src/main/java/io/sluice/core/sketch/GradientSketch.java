package io.sluice.core.sketch;

import io.sluice.core.domain.SketchSpec;

/**
 * Sketch spec v1: a linear random projection of a gradient to k buckets that stores no random
 * vectors, does not depend on the order of tensors, and adds up over tensors, shards of a tensor,
 * micro-batches and ranks.
 *
 * <p>Element i (row-major index in the unsharded tensor) of the tensor named n goes with its sign
 * to one bucket:
 *
 * <pre>
 * sign   = + if bit 63 of mix64(seed, hash(n), i) is 0, else -
 * bucket = (hash(n) mod k + i mod k) mod k          (unsigned)
 * </pre>
 *
 * <p>Inner products are unbiased over seeds: {@code E<Sx, Sy> = <x, y>} with one-sigma error of a
 * cosine {@code 1/sqrt(k)}. This class is the reference: it accumulates in double precision on one
 * thread. Trainers may compute the same sums on their device, within 1e-6 relative.
 */
public final class GradientSketch {

    private final SketchSpec spec;
    private final double[] buckets;

    public GradientSketch(SketchSpec spec) {
        this.spec = spec;
        this.buckets = new double[spec.dimension()];
    }

    /** Whether element {@code i} of a tensor is added with a minus. */
    public static boolean isNegative(long seed, long tensorHash, long i) {
        return Hashes.mix64(seed, tensorHash, i) < 0;
    }

    /** Bucket of element 0 of a tensor; element i is i buckets further, modulo k. */
    public static int firstBucket(long tensorHash, int dimension) {
        return (int) Long.remainderUnsigned(tensorHash, dimension);
    }

    /** Adds a tensor, or the shard of it that starts at element {@code offset}. */
    public void add(String tensor, long offset, float[] values) {
        long hash = Hashes.hash(tensor);
        int k = spec.dimension();
        int bucket = (int) ((firstBucket(hash, k) + offset % k) % k);
        for (int i = 0; i < values.length; i++) {
            buckets[bucket] += isNegative(spec.seed(), hash, offset + i) ? -values[i] : values[i];
            bucket = bucket + 1 == k ? 0 : bucket + 1;
        }
    }

    /** The sums so far, rounded to single precision. */
    public float[] toFloats() {
        float[] result = new float[buckets.length];
        for (int b = 0; b < result.length; b++) {
            result[b] = (float) buckets[b];
        }
        return result;
    }
}
