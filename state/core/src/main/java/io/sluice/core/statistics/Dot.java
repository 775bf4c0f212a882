package io.sluice.core.statistics;

/** Inner products in a fixed order of summation. */
final class Dot {

    private Dot() {}

    /**
     * {@code sum_i x[i] * y[i]}, and likewise for the other pairs, in double precision. Of each,
     * the terms of even and of odd index are summed apart and added at the end: the order is fixed,
     * so the result is the same on every machine. Four at once read each number half as often as
     * one by one, and their eight sums need not wait for each other.
     *
     * @param first {@code w} and {@code x}
     * @param second {@code y} and {@code z}, as long as these
     * @return those of w with y, w with z, x with y, and x with z
     */
    static double[] pairs(double[][] first, double[][] second) {
        double[] w = first[0];
        double[] x = first[1];
        double[] y = second[0];
        double[] z = second[1];
        double evenWy = 0, evenWz = 0, evenXy = 0, evenXz = 0;
        double oddWy = 0, oddWz = 0, oddXy = 0, oddXz = 0;
        int i = 0;
        for (; i + 1 < w.length; i += 2) {
            evenWy += w[i] * y[i];
            evenWz += w[i] * z[i];
            evenXy += x[i] * y[i];
            evenXz += x[i] * z[i];
            oddWy += w[i + 1] * y[i + 1];
            oddWz += w[i + 1] * z[i + 1];
            oddXy += x[i + 1] * y[i + 1];
            oddXz += x[i + 1] * z[i + 1];
        }
        if (i < w.length) {
            evenWy += w[i] * y[i];
            evenWz += w[i] * z[i];
            evenXy += x[i] * y[i];
            evenXz += x[i] * z[i];
        }
        return new double[] {evenWy + oddWy, evenWz + oddWz, evenXy + oddXy, evenXz + oddXz};
    }
}
