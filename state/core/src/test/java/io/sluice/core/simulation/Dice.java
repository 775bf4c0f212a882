package io.sluice.core.simulation;

import io.sluice.core.sketch.Hashes;
import java.util.List;

/** Every choice of one simulation, from one seed: SplitMix64. */
final class Dice {

    private long state;

    Dice(long seed) {
        state = seed;
    }

    /** Sixty-four random bits. */
    long word() {
        state += Hashes.GOLDEN;
        return Hashes.fin(state);
    }

    /** A number in [0, bound). */
    int below(int bound) {
        return (int) Long.remainderUnsigned(word(), bound);
    }

    /** A number in [least, most]. */
    int between(int least, int most) {
        return least + below(most - least + 1);
    }

    /** True once in {@code n} times; never for 0. */
    boolean oneIn(int n) {
        return n > 0 && below(n) == 0;
    }

    /** A number in [0, 1). */
    double unit() {
        return (word() >>> 11) * 0x1p-53;
    }

    /** One of these. */
    <T> T pick(List<T> items) {
        return items.get(below(items.size()));
    }
}
