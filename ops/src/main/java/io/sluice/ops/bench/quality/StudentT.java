package io.sluice.ops.bench.quality;

/** Student's t distribution, as far as a paired 95 % interval needs it. */
final class StudentT {

    /** The 0.975 quantile for 1, 2, ... degrees of freedom. */
    private static final double[] QUANTILES = {
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010,
        2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739,
        2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423
    };

    /** Largest number of values that an interval can be made of. */
    static final int MOST_VALUES = QUANTILES.length + 1;

    private StudentT() {}

    /**
     * The 0.975 quantile.
     *
     * @param degreesOfFreedom 1 to 30
     */
    static double quantile975(int degreesOfFreedom) {
        return QUANTILES[degreesOfFreedom - 1];
    }
}
