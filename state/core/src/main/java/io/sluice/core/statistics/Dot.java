package io.sluice.core.statistics;

/** Inner products in a fixed order of summation. */
public final class Dot {

    private Dot() {}

    /**
     * {@code sum_i x[i] * y[i]} in double precision. Eight interleaved partial sums are added
     * pairwise at the end: the order is fixed, so the result is the same on every machine, and the
     * additions do not wait for each other.
     */
    public static double product(float[] x, float[] y) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        int whole = x.length & ~7;
        for (int i = 0; i < whole; i += 8) {
            s0 += (double) x[i] * y[i];
            s1 += (double) x[i + 1] * y[i + 1];
            s2 += (double) x[i + 2] * y[i + 2];
            s3 += (double) x[i + 3] * y[i + 3];
            s4 += (double) x[i + 4] * y[i + 4];
            s5 += (double) x[i + 5] * y[i + 5];
            s6 += (double) x[i + 6] * y[i + 6];
            s7 += (double) x[i + 7] * y[i + 7];
        }
        double rest = 0;
        for (int i = whole; i < x.length; i++) {
            rest += (double) x[i] * y[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + rest;
    }
}
