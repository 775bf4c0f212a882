package io.sluice.core.solver;

/**
 * A convex program over mixtures of m groups.
 *
 * <pre>
 * minimise    - gain.w + balance * std(balanced w) + strength * KL(w || reference) + |factors w|^2 / 2
 * subject to  w on the simplex,   floors &lt;= w &lt;= caps,   required w &gt;= bounds
 * </pre>
 *
 * <p>{@code std} is the population standard deviation over the balanced rows. With a uniform
 * reference the divergence is the negative entropy up to a constant. A quadratic {@code w^T K w /
 * 2} is given by rows F with {@code F^T F = K}; for gradients, F holds their sketches.
 *
 * @param gain what a unit of each group's weight is worth, length m
 * @param strength weight of the divergence, positive, in units of gain
 * @param reference the mixture that the divergence is measured from, length m; positive, of any sum
 * @param floors least weights, length m
 * @param caps largest weights, length m
 * @param balance weight of the standard deviation, at least 0
 * @param balanced rows of length m; none, or one, when nothing is to be balanced
 * @param required rows of length m
 * @param bounds one bound for each required row
 * @param factors rows of length m; none without a quadratic term
 */
public record MixtureProgram(
        double[] gain,
        double strength,
        double[] reference,
        double[] floors,
        double[] caps,
        double balance,
        double[][] balanced,
        double[][] required,
        double[] bounds,
        double[][] factors) {

    private static final double[][] NONE = {};

    public MixtureProgram {
        int m = gain.length;
        requireLength("reference", reference.length, m);
        requireLength("floors", floors.length, m);
        requireLength("caps", caps.length, m);
        requireLength("bounds", bounds.length, required.length);
        for (double[] row : balanced) {
            requireLength("a balanced row", row.length, m);
        }
        for (double[] row : required) {
            requireLength("a required row", row.length, m);
        }
        for (double[] row : factors) {
            requireLength("a factor row", row.length, m);
        }
    }

    /**
     * A linear gain and a divergence in a box, which {@code reference * exp(gain / strength)}
     * solves.
     */
    public static MixtureProgram of(
            double[] gain, double strength, double[] reference, double[] floors, double[] caps) {
        return new MixtureProgram(
                gain, strength, reference, floors, caps, 0, NONE, NONE, new double[0], NONE);
    }

    /** The same with a price on the spread of these rows. */
    public MixtureProgram balancing(double weight, double[][] rows) {
        return new MixtureProgram(
                gain, strength, reference, floors, caps, weight, rows, required, bounds, factors);
    }

    /** The same with these rows held above these bounds. */
    public MixtureProgram requiring(double[][] rows, double[] least) {
        return new MixtureProgram(
                gain, strength, reference, floors, caps, balance, balanced, rows, least, factors);
    }

    /** The same with a quadratic price {@code |rows w|^2 / 2}. */
    public MixtureProgram penalising(double[][] rows) {
        return new MixtureProgram(
                gain, strength, reference, floors, caps, balance, balanced, required, bounds, rows);
    }

    private static void requireLength(String what, int length, int expected) {
        if (length != expected) {
            throw new IllegalArgumentException(
                    what + " has length " + length + ", not " + expected);
        }
    }
}
