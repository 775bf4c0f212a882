package io.sluice.core.statistics;

import io.sluice.core.signal.Signal;
import io.sluice.core.sketch.BFloat16;

/**
 * The gradient of one subject over one round, as per-token means of two disjoint halves. Owned by
 * whoever reduces the round; contributions must be added in the fixed order (reporter, part).
 */
public final class SplitSketch {

    /** Sums in single precision, widened: products would widen each number many times. */
    private final double[][] sums = new double[Signal.PARTS][];

    private final long[] tokens = new long[Signal.PARTS];

    /** Adds one signal's sketch, a sum over its tokens, to its half. */
    public void add(Signal signal) {
        double[] values = BFloat16.decodeDoubles(signal.sketch());
        int part = signal.part();
        tokens[part] += signal.tokens();
        if (sums[part] == null) {
            sums[part] = values;
        } else {
            for (int b = 0; b < values.length; b++) {
                sums[part][b] = (float) (sums[part][b] + values[b]);
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

    /** Inner products of the per-token mean of one half of this and those of the other's halves. */
    double[] products(int part, SplitSketch other) {
        double[] products = Dot.products(sums[part], other.sums[0], other.sums[1]);
        for (int half = 0; half < Signal.PARTS; half++) {
            products[half] /= (double) tokens[part] * other.tokens[half];
        }
        return products;
    }
}
