package io.sluice.core.solver;

/**
 * A program in nats, in the form that its dual needs: everything over the strength, required rows
 * as {@code (row - bound).w >= 0} over their largest entry, and all linear maps in one stack of d
 * rows.
 *
 * <pre>
 * minimise  - g.w + |R w| + KL(w || q) + |F w|^2 / 2     subject to  N w >= 0,  w in box and simplex
 * </pre>
 *
 * <p>The stack holds R, then {@code -N}, then F.
 */
final class ScaledProgram {

    private static final double LEAST_ROOM = 1e-12;

    final int groups;
    final int balanced;
    final int required;
    final int factors;
    final double[] gain;
    final double highestGain;
    final double[] logReference;
    final double[][] rows;
    final double[] floors;
    final double[] caps;

    /** What a scaled multiplier must be multiplied with to price its row as it was given. */
    final double[] rowPrice;

    private ScaledProgram(MixtureProgram program) {
        groups = program.gain().length;
        double strength = program.strength();
        double highest = program.gain()[0];
        for (double value : program.gain()) {
            highest = Math.max(highest, value);
        }
        highestGain = highest;
        gain = new double[groups];
        logReference = new double[groups];
        for (int j = 0; j < groups; j++) {
            gain[j] = (program.gain()[j] - highest) / strength;
            logReference[j] = StrictMath.log(program.reference()[j]);
        }
        floors = program.floors();
        caps = program.caps();
        balanced =
                program.balance() > 0 && program.balanced().length > 1
                        ? program.balanced().length
                        : 0;
        required = program.required().length;
        factors = program.factors().length;
        rows = new double[balanced + required + factors][];
        rowPrice = new double[required];
        balance(program);
        require(program);
        for (int i = 0; i < factors; i++) {
            rows[balanced + required + i] = times(1 / Math.sqrt(strength), program.factors()[i]);
        }
    }

    static ScaledProgram of(MixtureProgram program) {
        return new ScaledProgram(program);
    }

    /** The stack times {@code weights}. */
    double[] products(double[] weights) {
        double[] products = new double[rows.length];
        for (int i = 0; i < products.length; i++) {
            products[i] = dot(rows[i], weights);
        }
        return products;
    }

    /** The objective at {@code weights}, in nats, counted from the highest gain. */
    double objective(double[] weights) {
        double value = -dot(gain, weights);
        for (int j = 0; j < groups; j++) {
            if (weights[j] > 0) {
                value += weights[j] * (StrictMath.log(weights[j]) - logReference[j]);
            }
        }
        double[] products = products(weights);
        double norm = 0;
        for (int i = 0; i < balanced; i++) {
            norm += products[i] * products[i];
        }
        double quadratic = 0;
        for (int i = balanced + required; i < products.length; i++) {
            quadratic += products[i] * products[i];
        }
        return value + Math.sqrt(norm) + quadratic / 2;
    }

    /** The largest amount by which {@code weights} miss a required row. */
    double violation(double[] weights) {
        double worst = 0;
        for (int i = balanced; i < balanced + required; i++) {
            worst = Math.max(worst, dot(rows[i], weights));
        }
        return worst;
    }

    /** Whether the box leaves a group no room. */
    boolean isFixed(int j) {
        return caps[j] - floors[j] <= LEAST_ROOM;
    }

    /**
     * The share of every group's room at which the weights sum to 1; 0 when the box holds a single
     * mixture.
     */
    double freeShare() {
        double least = 0;
        double room = 0;
        for (int j = 0; j < groups; j++) {
            least += floors[j];
            room += caps[j] - floors[j];
        }
        double share = (1 - least) / room;
        return share > LEAST_ROOM && share < 1 - LEAST_ROOM ? share : 0;
    }

    /** How far the linear terms can move the objective, at least 1 nat. */
    double span() {
        double span = 1;
        for (double value : gain) {
            span = Math.max(span, -value);
        }
        for (int i = 0; i < balanced; i++) {
            for (double value : rows[i]) {
                span = Math.max(span, Math.abs(value));
            }
        }
        return span;
    }

    /** Rows less their mean: the norm of their products is sqrt(n) standard deviations. */
    private void balance(MixtureProgram program) {
        double weight = program.balance() / (program.strength() * Math.sqrt(balanced));
        for (int i = 0; i < balanced; i++) {
            rows[i] = new double[groups];
        }
        for (int j = 0; balanced > 0 && j < groups; j++) {
            double mean = 0;
            for (double[] row : program.balanced()) {
                mean += row[j] / balanced;
            }
            for (int i = 0; i < balanced; i++) {
                rows[i][j] = weight * (program.balanced()[i][j] - mean);
            }
        }
    }

    private void require(MixtureProgram program) {
        for (int i = 0; i < required; i++) {
            double[] row = program.required()[i].clone();
            double largest = 0;
            for (int j = 0; j < groups; j++) {
                row[j] -= program.bounds()[i];
                largest = Math.max(largest, Math.abs(row[j]));
            }
            // A row of zeros asks for nothing.
            double scale = largest > 0 ? 1 / largest : 0;
            rows[balanced + i] = times(-scale, row);
            rowPrice[i] = scale * program.strength();
        }
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += x[j] * y[j];
        }
        return sum;
    }

    private static double[] times(double factor, double[] row) {
        double[] scaled = new double[row.length];
        for (int j = 0; j < row.length; j++) {
            scaled[j] = factor * row[j];
        }
        return scaled;
    }
}
