package io.sluice.core.solver;

/**
 * The dual of a {@link ScaledProgram} at one point y = (u, lambda, v), with {@code |u| <= 1},
 * {@code lambda >= 0} and v free.
 *
 * <p>With {@code |R w| = max_u u.R w} and {@code |F w|^2 / 2 = max_v v.F w - |v|^2 / 2}, the dual
 * is
 *
 * <pre>
 * D(y) = min_w [ -g.w + y.M w + KL(w || q) ] - |v|^2 / 2,     M = (R, -N, F)
 * </pre>
 *
 * <p>whose inner minimum over box and simplex has a closed form ({@link BoxedSoftmax}). D bounds
 * from below the objective of every mixture that keeps the rows.
 */
final class DualPoint {

    /** The mixture of the inner minimum. */
    final double[] weights;

    /** The lower bound D. */
    final double bound;

    DualPoint(ScaledProgram program, double[] y) {
        int m = program.groups;
        double[] z = new double[m];
        for (int j = 0; j < m; j++) {
            z[j] = program.logReference[j] + program.gain[j];
        }
        for (int i = 0; i < y.length; i++) {
            double[] row = program.rows[i];
            double value = y[i];
            for (int j = 0; j < m; j++) {
                z[j] -= value * row[j];
            }
        }
        weights = new double[m];
        double nu = new BoxedSoftmax(program.floors, program.caps).project(z, weights);
        double sum = 0;
        for (int j = 0; j < m; j++) {
            double w = weights[j];
            if (w > 0) {
                // Inside of the bounds log w = z - nu, which costs no logarithm.
                boolean free = w > program.floors[j] && w < program.caps[j];
                sum += w * ((free ? z[j] - nu : StrictMath.log(w)) - z[j]);
            }
        }
        double squares = 0;
        for (int i = program.balanced + program.required; i < y.length; i++) {
            squares += y[i] * y[i];
        }
        bound = sum - squares / 2;
    }
}
