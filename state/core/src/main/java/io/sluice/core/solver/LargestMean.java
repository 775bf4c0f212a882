package io.sluice.core.solver;

import java.util.Arrays;
import java.util.Comparator;

/** The largest weighted mean that a mixture of a box can have. */
final class LargestMean {

    private LargestMean() {}

    /** {@code max values.w} over box and simplex: fill the floors, then the best groups in turn. */
    static double of(double[] values, double[] floors, double[] caps) {
        Integer[] order = new Integer[values.length];
        double mean = 0;
        double left = 1;
        for (int j = 0; j < values.length; j++) {
            order[j] = j;
            mean += floors[j] * values[j];
            left -= floors[j];
        }
        Arrays.sort(order, Comparator.comparingDouble(j -> -values[j]));
        for (int j : order) {
            double taken = Math.max(0, Math.min(left, caps[j] - floors[j]));
            mean += taken * values[j];
            left -= taken;
        }
        return mean;
    }
}
