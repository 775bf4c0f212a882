package io.sluice.core.solver;

/** The objective and the rows as they are written, for tests to compare with. */
final class TestingObjective {

    private TestingObjective() {}

    static double of(MixtureProgram program, double[] w) {
        double value = -dot(program.gain(), w);
        for (int j = 0; j < w.length; j++) {
            if (w[j] > 0) {
                value += program.strength() * w[j] * Math.log(w[j] / program.reference()[j]);
            }
        }
        for (double[] row : program.factors()) {
            value += dot(row, w) * dot(row, w) / 2;
        }
        return value + program.balance() * deviation(program, w);
    }

    static double deviation(MixtureProgram program, double[] w) {
        int n = program.balanced().length;
        double mean = 0;
        for (double[] row : program.balanced()) {
            mean += dot(row, w) / n;
        }
        double variance = 0;
        for (double[] row : program.balanced()) {
            variance += (dot(row, w) - mean) * (dot(row, w) - mean) / n;
        }
        return Math.sqrt(variance);
    }

    /** How much row i is kept with, over the largest entry of (row - bound); negative if missed. */
    static double slack(MixtureProgram program, int i, double[] w) {
        double largest = 0;
        for (double value : program.required()[i]) {
            largest = Math.max(largest, Math.abs(value - program.bounds()[i]));
        }
        return largest > 0 ? (dot(program.required()[i], w) - program.bounds()[i]) / largest : 0;
    }

    static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += x[j] * y[j];
        }
        return sum;
    }
}
