package io.sluice.core.statistics;

/**
 * Weighted least squares of {@code L(n) = E + B (n / scale)^-alpha} through the points of a curve.
 *
 * <p>For a given alpha the law is linear in (E, B), so that the best under {@code 0 <= E <= min L}
 * and {@code B >= 0} has a closed form; alpha is the best of a grid, refined by halving its steps.
 * With {@code x(alpha) = (n / scale)^-alpha}, the square of x belongs to twice alpha and the root
 * of a product to the mean of two alphas: the whole search takes one exponential a point.
 */
final class PowerLawFit {

    private static final double MOST_ALPHA = 1.2;
    private static final int OCTAVES = 6;

    /** Leave alpha within a millionth of itself. */
    private static final int HALVINGS = 18;

    private final double[] weights;

    /** Losses over their mean. */
    private final double[] rises;

    private final double total;
    private final double meanLoss;
    private final double leastLoss;

    private PowerLawFit(double[] losses, double[] weights) {
        this.weights = weights;
        double sum = 0;
        double sumLoss = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < losses.length; k++) {
            sum += weights[k];
            sumLoss += weights[k] * losses[k];
            least = Math.min(least, losses[k]);
        }
        total = sum;
        meanLoss = sumLoss / sum;
        leastLoss = least;
        rises = new double[losses.length];
        for (int k = 0; k < losses.length; k++) {
            rises[k] = losses[k] - meanLoss;
        }
    }

    /**
     * The law.
     *
     * @param tokens of each point, positive; the last are the scale of the law
     * @param losses in nats
     * @param weights positive
     */
    static PowerLaw of(double[] tokens, double[] losses, double[] weights) {
        double scale = tokens[tokens.length - 1];
        double[] logs = new double[tokens.length];
        for (int k = 0; k < logs.length; k++) {
            logs[k] = StrictMath.log(tokens[k] / scale);
        }
        PowerLawFit fit = new PowerLawFit(losses, weights);
        Trial[] grid = fit.grid(logs);
        int best = 0;
        for (int g = 1; g < grid.length; g++) {
            best = grid[g].error < grid[best].error ? g : best;
        }
        int middle = Math.max(1, Math.min(grid.length - 2, best));
        Trial found = fit.refined(grid[middle - 1], grid[middle], grid[middle + 1]);
        return new PowerLaw(found.floor, found.drop, found.alpha, scale);
    }

    /** Alphas of 1, 1.5, 2, 3, 4, 6 and so on times the least. */
    private Trial[] grid(double[] logs) {
        Trial[] grid = new Trial[2 * OCTAVES + 1];
        for (int g = 0; g < grid.length; g++) {
            grid[g] = new Trial(logs.length);
        }
        grid[0].alpha = MOST_ALPHA / (1 << OCTAVES);
        grid[0].powers(logs);
        for (int g = 2; g < grid.length; g += 2) {
            grid[g].twice(grid[g - 2]);
            grid[g - 1].between(grid[g - 2], grid[g]);
        }
        for (Trial trial : grid) {
            solve(trial);
        }
        return grid;
    }

    /** The best trial between two, given a third between them that is no worse. */
    private Trial refined(Trial left, Trial middle, Trial right) {
        Trial low = left;
        Trial best = middle;
        Trial high = right;
        Trial below = new Trial(rises.length);
        Trial above = new Trial(rises.length);
        for (int i = 0; i < HALVINGS; i++) {
            below.between(low, best);
            solve(below);
            Trial freed;
            if (below.error < best.error) {
                freed = high;
                high = best;
                best = below;
                below = freed;
                continue;
            }
            freed = low;
            low = below;
            below = freed;
            above.between(best, high);
            solve(above);
            if (above.error < best.error) {
                freed = low;
                low = best;
                best = above;
            } else {
                freed = high;
                high = above;
            }
            above = freed;
        }
        return best;
    }

    /** The best floor and drop for a trial's alpha, and what they leave unexplained. */
    private void solve(Trial trial) {
        double[] x = trial.x;
        // Sums are taken from a power in the middle, so that one pass loses no digits.
        double origin = x[x.length / 2];
        double sum = 0;
        double squares = 0;
        double products = 0;
        for (int k = 0; k < x.length; k++) {
            double distance = x[k] - origin;
            double weighted = weights[k] * distance;
            sum += weighted;
            squares += weighted * distance;
            products += weighted * rises[k];
        }
        double distance = sum / total;
        double meanX = origin + distance;
        double variance = squares - sum * distance;
        double drop = variance > 0 ? Math.max(0, products / variance) : 0;
        double floor = meanLoss - drop * meanX;
        double bounded = Math.max(0, Math.min(leastLoss, floor));
        if (bounded != floor && drop > 0) {
            // On a bound of the floor the drop is a regression through it.
            floor = bounded;
            double moment = products + total * meanX * (meanLoss - floor);
            drop = Math.max(0, moment / (variance + total * meanX * meanX));
        }
        double rest = meanLoss - floor - drop * meanX;
        trial.floor = floor;
        trial.drop = drop;
        trial.error = total * rest * rest - drop * (2 * products - drop * variance);
    }

    /** An exponent that is tried, its powers of the points' tokens, and what came of it. */
    private static final class Trial {

        private final double[] x;
        private double alpha;
        private double floor;
        private double drop;

        /** Weighted squares that are left, less those of a flat line. */
        private double error;

        Trial(int points) {
            x = new double[points];
        }

        void powers(double[] logs) {
            for (int k = 0; k < x.length; k++) {
                x[k] = StrictMath.exp(-alpha * logs[k]);
            }
        }

        void twice(Trial half) {
            alpha = 2 * half.alpha;
            for (int k = 0; k < x.length; k++) {
                x[k] = half.x[k] * half.x[k];
            }
        }

        void between(Trial low, Trial high) {
            alpha = (low.alpha + high.alpha) / 2;
            for (int k = 0; k < x.length; k++) {
                x[k] = Math.sqrt(low.x[k] * high.x[k]);
            }
        }
    }
}
