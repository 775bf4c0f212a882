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

    /**
     * {@code sum_i x[i] * y[i]} and {@code sum_i x[i] * z[i]}, each bit for bit as {@link #product}
     * adds it up. Both at once, of numbers that are widened already, take half the time.
     */
    static double[] products(double[] x, double[] y, double[] z) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        double t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0, t5 = 0, t6 = 0, t7 = 0;
        int whole = x.length & ~7;
        for (int i = 0; i < whole; i += 8) {
            s0 += x[i] * y[i];
            t0 += x[i] * z[i];
            s1 += x[i + 1] * y[i + 1];
            t1 += x[i + 1] * z[i + 1];
            s2 += x[i + 2] * y[i + 2];
            t2 += x[i + 2] * z[i + 2];
            s3 += x[i + 3] * y[i + 3];
            t3 += x[i + 3] * z[i + 3];
            s4 += x[i + 4] * y[i + 4];
            t4 += x[i + 4] * z[i + 4];
            s5 += x[i + 5] * y[i + 5];
            t5 += x[i + 5] * z[i + 5];
            s6 += x[i + 6] * y[i + 6];
            t6 += x[i + 6] * z[i + 6];
            s7 += x[i + 7] * y[i + 7];
            t7 += x[i + 7] * z[i + 7];
        }
        double restOfY = 0;
        double restOfZ = 0;
        for (int i = whole; i < x.length; i++) {
            restOfY += x[i] * y[i];
            restOfZ += x[i] * z[i];
        }
        return new double[] {
            ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + restOfY,
            ((t0 + t1) + (t2 + t3)) + ((t4 + t5) + (t6 + t7)) + restOfZ
        };
    }
}
