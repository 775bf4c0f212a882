package io.sluice.core.pool;

import io.sluice.core.sketch.Hashes;

/**
 * A pseudo-random order of 0 to n - 1 that is computed place by place: a Feistel network over the
 * next power of four, walked until the value lies below n, less than four times on average. Any key
 * gives a permutation; keys that differ give unrelated ones. No memory.
 */
final class Permutation {

    private static final int ROUNDS = 6;

    private final long size;
    private final long key;
    private final int half;
    private final long mask;

    /**
     * @param size how many values, 1 to 2^62
     */
    Permutation(long size, long key) {
        if (size < 1 || size > 1L << 62) {
            throw new IllegalArgumentException("there is no order of " + size + " values");
        }
        this.size = size;
        this.key = key;
        int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
        this.half = Math.max(1, (bits + 1) / 2);
        this.mask = (1L << half) - 1;
    }

    /** The value at a place, both from 0 to below the size. */
    long at(long place) {
        long value = encrypt(place);
        while (value >= size) {
            value = encrypt(value);
        }
        return value;
    }

    private long encrypt(long value) {
        long left = value >>> half;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            long mixed = left ^ (Hashes.mix64(key, round, right) & mask);
            left = right;
            right = mixed;
        }
        return left << half | right;
    }
}
