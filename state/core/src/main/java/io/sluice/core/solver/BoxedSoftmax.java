package io.sluice.core.solver;

/**
 * The point of box and simplex that minimises {@code KL(w || exp(z))}: {@code w_j = clip(exp(z_j -
 * nu), lo_j, hi_j)}, with the one nu for which the weights sum to 1.
 *
 * <p>With {@code u_j = exp(z_j - shift)} the sum of {@code clip(c u_j)} is piecewise linear and
 * increasing in c; Newton's method within a bracket ends on the right piece after a few passes. The
 * shift follows the largest group below its cap, so that exponents neither overflow nor vanish
 * where it matters.
 */
final class BoxedSoftmax {

    private static final int PASSES = 200;
    private static final double LARGEST_EXPONENT = 700;
    private static final double LARGEST_FACTOR = 1e200;
    private static final double ROUNDING = 4e-16;

    private final double[] floors;
    private final double[] caps;
    private final double[] u;

    BoxedSoftmax(double[] floors, double[] caps) {
        this.floors = floors;
        this.caps = caps;
        this.u = new double[floors.length];
    }

    /** Writes the weights into {@code weights} and returns nu. */
    double project(double[] z, double[] weights) {
        double shift = largest(z, null);
        while (true) {
            for (int j = 0; j < u.length; j++) {
                double exponent = z[j] - shift;
                u[j] =
                        StrictMath.exp(
                                Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent)));
            }
            double c = factor();
            for (int j = 0; j < u.length; j++) {
                weights[j] = clip(c * u[j], j);
            }
            double next = c < LARGEST_FACTOR / 2 ? shift : largest(z, weights);
            if (!(next < shift)) {
                return shift - StrictMath.log(c);
            }
            shift = next;
        }
    }

    /** The largest z, among those below their caps where weights are given. */
    private double largest(double[] z, double[] weights) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < z.length; j++) {
            if (weights == null || weights[j] < caps[j]) {
                largest = Math.max(largest, z[j]);
            }
        }
        return weights != null && largest == Double.NEGATIVE_INFINITY
                ? Double.POSITIVE_INFINITY
                : largest;
    }

    /** The c in (0, 1e200] for which the sum is 1, or the nearest that rounding allows. */
    private double factor() {
        double low = 1 / LARGEST_FACTOR;
        double high = LARGEST_FACTOR;
        double c = 1;
        for (int pass = 0; pass < PASSES; pass++) {
            double sum = 0;
            double slope = 0;
            for (int j = 0; j < u.length; j++) {
                double scaled = c * u[j];
                if (scaled <= floors[j]) {
                    sum += floors[j];
                } else if (scaled >= caps[j]) {
                    sum += caps[j];
                } else {
                    sum += scaled;
                    slope += u[j];
                }
            }
            double rest = 1 - sum;
            if (Math.abs(rest) <= ROUNDING) {
                return c;
            }
            if (rest > 0) {
                low = c;
            } else {
                high = c;
            }
            double next = slope > 0 ? c + rest / slope : Double.NaN;
            if (!(next > low && next < high)) {
                next = Math.sqrt(low) * Math.sqrt(high);
            }
            if (Math.abs(next - c) <= ROUNDING * c) {
                return next;
            }
            c = next;
        }
        return c;
    }

    private double clip(double value, int j) {
        return Math.min(Math.max(value, floors[j]), caps[j]);
    }
}
