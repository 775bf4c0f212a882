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
    private final boolean[] begun = new boolean[Signal.PARTS];

    /** Adds one signal's sketch, a sum over its tokens, to its half. */
    public void add(Signal signal) {
        byte[] sketch = signal.sketch();
        int part = signal.part();
        if (begun[part]) {
            double[] sum = sums[part];
            for (int b = 0; b < sum.length; b++) {
                sum[b] = (float) (sum[b] + BFloat16.value(sketch, b));
            }
        } else {
            if (sums[part] == null) {
                sums[part] = new double[sketch.length / BFloat16.BYTES];
            }
            BFloat16.decode(sketch, sums[part]);
            begun[part] = true;
        }
        tokens[part] += signal.tokens();
    }

    /** Forgets what was added; what is added next is as long. */
    public void clear() {
        for (int part = 0; part < Signal.PARTS; part++) {
            tokens[part] = 0;
            begun[part] = false;
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

    /** Inner products of the per-token means of the halves of this and of the other. */
    HalfProducts.Pairs products(SplitSketch other) {
        double[] sum = Dot.pairs(sums, other.sums);
        double a = tokens[0];
        double b = tokens[1];
        return new HalfProducts.Pairs(
                sum[0] / (a * other.tokens[0]),
                sum[1] / (a * other.tokens[1]),
                sum[2] / (b * other.tokens[0]),
                sum[3] / (b * other.tokens[1]));
    }
}
