package io.sluice.core.sketch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HashesTest {

    /** From the reference list of the authors of FNV. */
    @Test
    void hashIsFnv1a() {
        assertThat(Hashes.hash("")).isEqualTo(0xcbf29ce484222325L);
        assertThat(Hashes.hash("a")).isEqualTo(0xaf63dc4c8601ec8cL);
        assertThat(Hashes.hash("foobar")).isEqualTo(0x85944171f73967e8L);
    }

    @Test
    void hashTakesTheBytesOfUtf8() {
        assertThat(Hashes.hash("\u00e9")).isNotEqualTo(Hashes.hash("e"));
        assertThat(Hashes.hash("\u00e9")).isEqualTo(fnv(0xc3, 0xa9));
    }

    /** The first outputs of SplitMix64 from seed 0. */
    @Test
    void finIsTheFinaliserOfSplitMix64() {
        assertThat(Hashes.fin(Hashes.GOLDEN)).isEqualTo(0xe220a8397b1dcdafL);
        assertThat(Hashes.fin(2 * Hashes.GOLDEN)).isEqualTo(0x6e789e6aa1b965f4L);
    }

    /** From an independent implementation in another language. */
    @Test
    void mix64IsThatOfTheSpecification() {
        assertThat(Hashes.mix64(1, 2, 3)).isEqualTo(0xd33756a89082caeaL);
        assertThat(Hashes.mix64(7, Hashes.hash("layers.0.weight"), 5))
                .isEqualTo(0x7cbe3957ef3728b6L);
        assertThat(GradientSketch.firstBucket(Hashes.hash("layers.0.weight"), 8191))
                .isEqualTo(3719);
    }

    private static long fnv(int... bytes) {
        long hash = 0xcbf29ce484222325L;
        for (int b : bytes) {
            hash = (hash ^ b) * 0x100000001b3L;
        }
        return hash;
    }
}
