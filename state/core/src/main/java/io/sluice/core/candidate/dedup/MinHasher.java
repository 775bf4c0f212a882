package io.sluice.core.candidate.dedup;

import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.core.sketch.Hashes;
import java.util.Arrays;

/**
 * MinHash (Broder 1997) with bands (Indyk and Motwani 1998; Leskovec, Rajaraman and Ullman, chapter
 * 3) and minima cut to b = 4 bits (Li and König 2010, b-bit minwise hashing).
 *
 * <p>Minimum i of a set of shingles is {@code min over x of a_i * x + b_i} modulo 2^32, signed,
 * with an odd {@code a_i}: a permutation of the 32-bit words. Two sets agree on it with probability
 * J, their Jaccard similarity; cut to four bits, with {@code J + (1 - J) / 16}.
 */
public final class MinHasher {

    private static final double BY_CHANCE = 1.0 / 16;

    private final MinHashOptions options;
    private final int[] factors;
    private final int[] offsets;

    public MinHasher(MinHashOptions options) {
        this.options = options;
        this.factors = new int[options.hashes()];
        this.offsets = new int[options.hashes()];
        for (int i = 0; i < options.hashes(); i++) {
            factors[i] = (int) (Hashes.mix64(options.seed(), 0, i) >>> 32) | 1;
            offsets[i] = (int) (Hashes.mix64(options.seed(), 1, i) >>> 32);
        }
    }

    /** The fingerprint of a text of at least one word. */
    public Fingerprint fingerprint(NormalisedText text) {
        int[] minima = minima(shingles(text));
        return new Fingerprint(text.contentHash(), bands(minima), sketch(minima));
    }

    /** The shingles of a text; a text of fewer words than a shingle is one shingle. */
    public long[] shingles(NormalisedText text) {
        return text.ngrams(Math.max(1, Math.min(options.shingleWords(), text.size())));
    }

    /**
     * The estimate of two documents' Jaccard similarity, {@code (m - 1/16) / (1 - 1/16)} for a
     * share m of equal minima, and at least 0; 0 where one of them has no sketch.
     *
     * @throws IllegalArgumentException when sketches were made with different settings
     */
    public static double similarity(byte[] a, byte[] b) {
        if (a.length == 0 || b.length == 0) {
            return 0;
        }
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "sketches of " + a.length + " and " + b.length + " bytes do not compare");
        }
        int equal = 0;
        for (int i = 0; i < a.length; i++) {
            int difference = a[i] ^ b[i];
            equal += (difference & 0xf0) == 0 ? 1 : 0;
            equal += (difference & 0x0f) == 0 ? 1 : 0;
        }
        double share = equal / (2.0 * a.length);
        return Math.max(0, (share - BY_CHANCE) / (1 - BY_CHANCE));
    }

    private int[] minima(long[] shingles) {
        int[] minima = new int[factors.length];
        Arrays.fill(minima, Integer.MAX_VALUE);
        for (long shingle : shingles) {
            lower(minima, factors, offsets, (int) (shingle >>> 32));
        }
        return minima;
    }

    /** One shingle more: a loop of its own, which the compiler turns into vector instructions. */
    private static void lower(int[] minima, int[] factors, int[] offsets, int x) {
        for (int i = 0; i < minima.length; i++) {
            minima[i] = min(factors[i] * x + offsets[i], minima[i]);
        }
    }

    /** {@code Math.min} without a comparison, which would keep a loop from being vectorised. */
    private static int min(int a, int b) {
        int difference = a - b;
        int unlike = a ^ b;
        int less = (difference ^ (unlike & (difference ^ a))) >> 31;
        return b ^ (unlike & less);
    }

    private long[] bands(int[] minima) {
        long[] bands = new long[options.bands()];
        for (int band = 0; band < bands.length; band++) {
            long hash = band;
            for (int row = 0; row < options.rows(); row++) {
                hash = Hashes.fin(hash + Hashes.GOLDEN) ^ minima[band * options.rows() + row];
            }
            bands[band] = Hashes.fin(hash);
        }
        return bands;
    }

    private static byte[] sketch(int[] minima) {
        byte[] sketch = new byte[minima.length / 2];
        for (int i = 0; i < sketch.length; i++) {
            sketch[i] = (byte) (bits(minima[2 * i]) << 4 | bits(minima[2 * i + 1]));
        }
        return sketch;
    }

    /** Four well mixed bits of a minimum, whose own high bits are nearly constant. */
    private static int bits(int minimum) {
        return (int) (Hashes.fin(minimum) >>> 60);
    }
}
