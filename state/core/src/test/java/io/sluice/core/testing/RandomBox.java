package io.sluice.core.testing;

import io.sluice.core.guard.MixtureBox;
import java.util.Random;

/** A random box that holds at least one mixture, with floors and caps at hand. */
public final class RandomBox {

    public final double[] floors;
    public final double[] caps;

    /** Floors and caps around a random point of the simplex; some tight, some wide open. */
    public RandomBox(Random random, int m) {
        double[] inside = simplex(random, m);
        floors = new double[m];
        caps = new double[m];
        for (int j = 0; j < m; j++) {
            floors[j] = random.nextInt(3) == 0 ? 0 : inside[j] * random.nextDouble();
            caps[j] =
                    random.nextInt(3) == 0
                            ? 1
                            : Math.min(1, inside[j] * (1 + 2 * random.nextDouble()));
        }
    }

    public MixtureBox box() {
        return new MixtureBox(floors, caps);
    }

    /** A random point of the simplex, over some orders of magnitude. */
    public static double[] simplex(Random random, int m) {
        double[] weights = new double[m];
        double sum = 0;
        for (int j = 0; j < m; j++) {
            weights[j] = Math.exp(2 * random.nextGaussian());
            sum += weights[j];
        }
        for (int j = 0; j < m; j++) {
            weights[j] /= sum;
        }
        return weights;
    }
}
