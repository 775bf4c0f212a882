package io.sluice.core.solver;

import io.sluice.core.linear.Cholesky;
import java.util.Optional;

/**
 * A mixture and prices on their way along the central path of a {@link ScaledProgram}.
 *
 * <p>The conditions of Karush, Kuhn and Tucker, with mu instead of 0 on the right of every
 * complementarity:
 *
 * <pre>
 * -g_j + log(w_j / q_j) + 1 + (M^T y)_j + nu - below_j + above_j = 0         sum w = 1
 * (w_j - lo_j) below_j = mu       (hi_j - w_j) above_j = mu
 * N w + missed = kept             lambda_i kept_i = mu      (penalty - lambda_i) missed_i = mu
 * (1, -u) o (t, R w) = (mu, 0)    F w = v
 * </pre>
 *
 * <p>One Newton step solves their linear form. The m groups are eliminated, for their part of the
 * matrix is diagonal; what is left is one positive definite system in the d prices. The norm, a
 * second-order cone, is scaled as Nesterov and Todd do. Rows may be missed at the price {@code
 * penalty}, so that every start is allowed and a contradiction shows as prices that grow.
 *
 * <p>Sources: Boyd and Vandenberghe, "Convex Optimization", 2004, section 11.7; Andersen, Dahl and
 * Vandenberghe in "Optimization for Machine Learning", 2011, chapter 3, for the scaling.
 */
final class InteriorPoint {

    private static final double LEAST_CENTRING = 0.05;
    private static final double TO_BOUNDARY = 0.99;
    private static final double INSIDE = 0.1;

    private final ScaledProgram program;
    private final double penalty;
    private final int m;
    private final int d;
    private final int firstRow;
    private final int firstFactor;

    private final double[] weights;
    private final double[] aboveFloor;
    private final double[] belowCap;
    private final double[] floorPrice;
    private final double[] capPrice;
    private final double[] y;
    private final double[] kept;
    private final double[] missed;
    private double norm;
    private double nu;
    private double centring = 0.1;

    /**
     * @param start a mixture in the box; it is moved off the bounds
     * @param penalty price at which rows may be missed, in nats per unit of a scaled row
     * @param mu where on the path to begin
     */
    InteriorPoint(ScaledProgram program, double[] start, double penalty, double mu) {
        this.program = program;
        this.penalty = penalty;
        m = program.groups;
        d = program.rows.length;
        firstRow = program.balanced;
        firstFactor = program.balanced + program.required;
        weights = new double[m];
        aboveFloor = new double[m];
        belowCap = new double[m];
        floorPrice = new double[m];
        capPrice = new double[m];
        double share = program.freeShare();
        for (int j = 0; j < m; j++) {
            double width = program.caps[j] - program.floors[j];
            aboveFloor[j] = (1 - INSIDE) * (start[j] - program.floors[j]) + INSIDE * share * width;
            belowCap[j] = width - aboveFloor[j];
            weights[j] = program.floors[j] + aboveFloor[j];
            if (!program.isFixed(j)) {
                floorPrice[j] = mu / aboveFloor[j];
                capPrice[j] = mu / belowCap[j];
            }
        }
        y = new double[d];
        kept = new double[program.required];
        missed = new double[program.required];
        double[] products = program.products(weights);
        norm = mu;
        for (int i = 0; i < firstRow; i++) {
            norm += Math.abs(products[i]);
        }
        for (int i = 0; i < kept.length; i++) {
            kept[i] = Math.max(-products[firstRow + i], INSIDE);
            y[firstRow + i] = Math.min(mu / kept[i], penalty / 2);
            missed[i] = mu / (penalty - y[firstRow + i]);
        }
        for (int i = firstFactor; i < d; i++) {
            y[i] = products[i];
        }
    }

    double[] weights() {
        return weights;
    }

    double[] prices() {
        return y;
    }

    /** Mean of all complementarities. */
    double mu() {
        double sum = 0;
        int count = 0;
        for (int j = 0; j < m; j++) {
            if (!program.isFixed(j)) {
                sum += aboveFloor[j] * floorPrice[j] + belowCap[j] * capPrice[j];
                count += 2;
            }
        }
        for (int i = 0; i < kept.length; i++) {
            double price = y[firstRow + i];
            sum += kept[i] * price + missed[i] * (penalty - price);
            count += 2;
        }
        if (firstRow > 0) {
            double[] products = program.products(weights);
            sum += norm;
            for (int i = 0; i < firstRow; i++) {
                sum -= y[i] * products[i];
            }
            count++;
        }
        return sum / count;
    }

    /** Takes one step; says whether it could. */
    boolean step() {
        double mu = centring * mu();
        double[] products = program.products(weights);
        Cone cone = new Cone(norm, products, y, firstRow);
        double[] inverse = new double[m];
        double[] residual = new double[m];
        groupEquations(mu, inverse, residual);
        double[][] matrix = new double[d][d];
        double[] right = new double[d];
        Elimination sums = eliminate(inverse, residual, matrix, right);
        priceEquations(mu, products, cone, matrix, right);
        Optional<Cholesky> factor = Cholesky.of(matrix);
        if (factor.isEmpty()) {
            return false;
        }
        double[] dy = factor.get().solve(right);
        double dnu = sums.shift(dy);
        double[] dw = residual;
        for (int i = 0; i < d; i++) {
            double[] row = program.rows[i];
            for (int j = 0; j < m; j++) {
                dw[j] -= dy[i] * row[j];
            }
        }
        for (int j = 0; j < m; j++) {
            dw[j] = inverse[j] * (dw[j] - dnu);
        }
        return move(mu, products, cone, dw, dy, dnu);
    }

    /** The diagonal block's inverse, and what the groups' conditions miss. */
    private void groupEquations(double mu, double[] inverse, double[] residual) {
        double[] costs = new double[m];
        for (int i = 0; i < d; i++) {
            double[] row = program.rows[i];
            for (int j = 0; j < m; j++) {
                costs[j] += y[i] * row[j];
            }
        }
        for (int j = 0; j < m; j++) {
            if (!program.isFixed(j)) {
                inverse[j] =
                        1
                                / (1 / weights[j]
                                        + floorPrice[j] / aboveFloor[j]
                                        + capPrice[j] / belowCap[j]);
                residual[j] =
                        program.gain[j]
                                - StrictMath.log(weights[j])
                                + program.logReference[j]
                                - 1
                                - costs[j]
                                - nu
                                + mu / aboveFloor[j]
                                - mu / belowCap[j];
            }
        }
    }

    /** What the sum of the weights asks for, once the groups are eliminated. */
    private record Elimination(double[] means, double meanResidual, double lack) {

        double shift(double[] dy) {
            double shift = meanResidual - lack;
            for (int i = 0; i < dy.length; i++) {
                shift -= means[i] * dy[i];
            }
            return shift;
        }
    }

    private Elimination eliminate(
            double[] inverse, double[] residual, double[][] matrix, double[] right) {
        double total = 0;
        double sum = 0;
        double meanResidual = 0;
        for (int j = 0; j < m; j++) {
            total += inverse[j];
            sum += weights[j];
            meanResidual += inverse[j] * residual[j];
        }
        meanResidual /= total;
        double lack = (1 - sum) / total;
        double[] means = new double[d];
        double[] weighted = new double[m];
        for (int i = 0; i < d; i++) {
            double[] row = program.rows[i];
            double mean = 0;
            for (int j = 0; j < m; j++) {
                mean += inverse[j] * row[j];
            }
            means[i] = mean / total;
            double product = 0;
            for (int j = 0; j < m; j++) {
                weighted[j] = inverse[j] * (row[j] - means[i]);
                product += weighted[j] * residual[j];
            }
            right[i] = product + means[i] * (1 - sum);
            for (int k = 0; k <= i; k++) {
                double[] other = program.rows[k];
                double covariance = 0;
                for (int j = 0; j < m; j++) {
                    covariance += weighted[j] * other[j];
                }
                matrix[i][k] = covariance;
            }
        }
        return new Elimination(means, meanResidual, lack);
    }

    private void priceEquations(
            double mu, double[] products, Cone cone, double[][] matrix, double[] right) {
        for (int i = 0; i < d; i++) {
            if (i < firstRow) {
                right[i] += products[i] - mu * y[i] / cone.room();
                for (int k = 0; k <= i; k++) {
                    matrix[i][k] += cone.scaling(i, k);
                }
            } else if (i < firstFactor) {
                int row = i - firstRow;
                double low = y[i];
                double high = penalty - low;
                right[i] += products[i] + mu / low - mu / high;
                matrix[i][i] += kept[row] / low + missed[row] / high;
            } else {
                right[i] += products[i] - y[i];
                matrix[i][i] += 1;
            }
        }
    }

    private boolean move(
            double mu, double[] products, Cone cone, double[] dw, double[] dy, double dnu) {
        double[] dFloor = new double[m];
        double[] dCap = new double[m];
        double t = 1;
        for (int j = 0; j < m; j++) {
            if (!program.isFixed(j)) {
                dFloor[j] = (mu - floorPrice[j] * dw[j]) / aboveFloor[j] - floorPrice[j];
                dCap[j] = (mu + capPrice[j] * dw[j]) / belowCap[j] - capPrice[j];
                t = within(t, aboveFloor[j], dw[j]);
                t = within(t, belowCap[j], -dw[j]);
                t = within(t, floorPrice[j], dFloor[j]);
                t = within(t, capPrice[j], dCap[j]);
            }
        }
        double[] dKept = new double[kept.length];
        double[] dMissed = new double[kept.length];
        for (int i = 0; i < kept.length; i++) {
            double low = y[firstRow + i];
            double high = penalty - low;
            double change = dy[firstRow + i];
            dKept[i] = (mu - kept[i] * change) / low - kept[i];
            dMissed[i] = (mu + missed[i] * change) / high - missed[i];
            t = within(t, low, change);
            t = within(t, high, -change);
            t = within(t, kept[i], dKept[i]);
            t = within(t, missed[i], dMissed[i]);
        }
        double dNorm = mu / cone.room() - norm;
        double[] dProducts = new double[firstRow];
        for (int i = 0; i < firstRow; i++) {
            dNorm += cone.scaling(i) * dy[i];
            for (int j = 0; j < m; j++) {
                dProducts[i] += program.rows[i][j] * dw[j];
            }
        }
        t = cone.within(t, TO_BOUNDARY, dNorm, dProducts, dy);
        if (!(t > 1e-12)) {
            return false;
        }
        for (int j = 0; j < m; j++) {
            weights[j] += t * dw[j];
            aboveFloor[j] += t * dw[j];
            belowCap[j] -= t * dw[j];
            floorPrice[j] += t * dFloor[j];
            capPrice[j] += t * dCap[j];
        }
        for (int i = 0; i < d; i++) {
            y[i] += t * dy[i];
        }
        for (int i = 0; i < kept.length; i++) {
            kept[i] += t * dKept[i];
            missed[i] += t * dMissed[i];
        }
        centring = Math.max(LEAST_CENTRING, (1 - t) * (1 - t));
        norm += t * dNorm;
        nu += t * dnu;
        return true;
    }

    /** The step, shortened if need be so that {@code value + step * change} stays positive. */
    private static double within(double step, double value, double change) {
        return value + step * change < (1 - TO_BOUNDARY) * value
                ? -TO_BOUNDARY * value / change
                : step;
    }
}
