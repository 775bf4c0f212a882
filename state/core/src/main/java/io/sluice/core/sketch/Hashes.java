package io.sluice.core.sketch;

import java.nio.charset.StandardCharsets;

/**
 * The two hash functions on which sketches, sampling and sharding rest. All arithmetic is unsigned
 * modulo 2^64.
 */
public final class Hashes {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /** The odd constant of SplitMix64: 2^64 divided by the golden ratio. */
    public static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Hashes() {}

    /** FNV-1a, 64 bits, of the UTF-8 bytes of {@code text}. */
    public static long hash(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash ^= b & 0xff;
            hash *= FNV_PRIME;
        }
        return hash;
    }

    /** SplitMix64's finaliser. */
    public static long fin(long x) {
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }

    /**
     * {@code fin(fin(seed xor h) + (i + 1) * GOLDEN)}: the i-th random word of the stream that seed
     * and h name.
     */
    public static long mix64(long seed, long h, long i) {
        return fin(fin(seed ^ h) + (i + 1) * GOLDEN);
    }
}
