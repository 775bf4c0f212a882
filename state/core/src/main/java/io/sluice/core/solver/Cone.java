package io.sluice.core.solver;

/**
 * Where a point (t, x) with {@code |x| < t} and its price (1, -u) with {@code |u| < 1} stand in the
 * second-order cone, and the scaling W^2 of Nesterov and Todd that maps the price onto the point.
 *
 * <pre>
 * W^2 = eta^2 (2 p p^T - J),   J = diag(1, -1, ..., -1)
 * </pre>
 */
final class Cone {

    private static final int HALVINGS = 60;

    private final double t;
    private final double[] x;
    private final double[] u;
    private final int n;
    private final double room;
    private final double eta2;
    private final double[] p;

    Cone(double t, double[] x, double[] u, int n) {
        this.t = t;
        this.x = x;
        this.u = u;
        this.n = n;
        room = 1 - square(u, null, 0);
        double det = (t - norm(x)) * (t + norm(x));
        double pointScale = Math.sqrt(det);
        double priceScale = Math.sqrt(room);
        double cosine = t / (pointScale * priceScale);
        for (int i = 0; i < n; i++) {
            cosine -= x[i] * u[i] / (pointScale * priceScale);
        }
        double gamma = Math.sqrt((1 + cosine) / 2);
        eta2 = pointScale / priceScale;
        p = new double[n + 1];
        p[0] = (t / pointScale + 1 / priceScale) / (2 * gamma);
        for (int i = 0; i < n; i++) {
            p[i + 1] = (x[i] / pointScale + u[i] / priceScale) / (2 * gamma);
        }
    }

    /** {@code 1 - |u|^2}. */
    double room() {
        return room;
    }

    /** The entry of W^2 between t and {@code x_i}. */
    double scaling(int i) {
        return eta2 * 2 * p[0] * p[i + 1];
    }

    /** The entry of W^2 between {@code x_i} and {@code x_k}. */
    double scaling(int i, int k) {
        return eta2 * (2 * p[i + 1] * p[k + 1] + (i == k ? 1 : 0));
    }

    /** The largest step of {@code step, step/2, ...} that keeps a share of both distances. */
    double within(double step, double share, double dt, double[] dx, double[] du) {
        if (n == 0) {
            return step;
        }
        double most = step;
        for (int halving = 0; halving < HALVINGS; halving++) {
            double moved = Math.sqrt(square(x, dx, most));
            double point = t + most * dt - moved;
            double price = 1 - Math.sqrt(square(u, du, most));
            if (point >= (1 - share) * (t - norm(x)) && price >= (1 - share) * (1 - norm(u))) {
                return most;
            }
            most *= 0.8;
        }
        return 0;
    }

    private double norm(double[] vector) {
        return Math.sqrt(square(vector, null, 0));
    }

    private double square(double[] vector, double[] change, double step) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double value = vector[i] + (change == null ? 0 : step * change[i]);
            sum += value * value;
        }
        return sum;
    }
}
