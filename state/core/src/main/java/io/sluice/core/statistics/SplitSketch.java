package io.sluice.core.statistics;

import io.sluice.core.signal.Signal;
import io.sluice.core.sketch.BFloat16;

/**
 * The gradient of one subject over one round, as per-token means of two disjoint halves. Owned by
 * whoever reduces the round; contributions must be added in the fixed order (reporter, part).
 */
public final class SplitSketch {

    private final float[][] sums = new float[Signal.PARTS][];
    private final long[] tokens = new long[Signal.PARTS];

    /** Adds one signal's sketch, a sum over its tokens, to its half. */
    public void add(Signal signal) {
        float[] values = BFloat16.decode(signal.sketch());
        int part = signal.part();
        tokens[part] += signal.tokens();
        if (sums[part] == null) {
            sums[part] = values;
        } else {
            for (int b = 0; b < values.length; b++) {
                sums[part][b] += values[b];
            }
        }
    }

    /** Whether both halves hold tokens, so that noise can be told from signal. */
    public boolean isSplit() {
        return tokens[0] > 0 && tokens[1] > 0;
    }

    /** Length of the sketches; there is one. */
    int dimension() {
        return sums[0] == null ? sums[1].length : sums[0].length;
    }

    /** Share of the tokens that lie in the given half. */
    double share(int part) {
        return (double) tokens[part] / (tokens[0] + tokens[1]);
    }

    /** Inner product of the per-token means of one half of this and one half of the other. */
    double product(int part, SplitSketch other, int otherPart) {
        return Dot.product(sums[part], other.sums[otherPart])
                / ((double) tokens[part] * other.tokens[otherPart]);
    }
}
