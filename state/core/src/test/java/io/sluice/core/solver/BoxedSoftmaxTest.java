package io.sluice.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.testing.RandomBox;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BoxedSoftmaxTest {

    private static final double VANISHING = 1e-100;

    @Property
    void agreesWithTheProjectionOfWeights(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        double[] z = logits(random, m, 10);

        double[] weights = new double[m];
        new BoxedSoftmax(bounds.floors, bounds.caps).project(z, weights);

        assertThat(weights)
                .containsExactly(bounds.box().project(LogWeights.softmax(z)), within(1e-12));
    }

    @Property
    void exponentsOfAnySizeAreOrderedAndFit(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        double[] z = logits(random, m, 1e5);

        double[] weights = new double[m];
        double nu = new BoxedSoftmax(bounds.floors, bounds.caps).project(z, weights);

        assertThat(Arrays.stream(weights).sum()).isEqualTo(1, within(1e-12));
        for (int j = 0; j < m; j++) {
            assertThat(weights[j]).isBetween(bounds.floors[j], bounds.caps[j]);
            boolean vanishes = weights[j] < VANISHING;
            if (!vanishes && weights[j] > bounds.floors[j] && weights[j] < bounds.caps[j]) {
                assertThat(Math.log(weights[j])).isEqualTo(z[j] - nu, within(1e-9));
            } else if (weights[j] == bounds.caps[j] && bounds.floors[j] < bounds.caps[j]) {
                assertThat(z[j] - nu).isGreaterThanOrEqualTo(Math.log(weights[j]) - 1e-9);
            }
        }
    }

    @Test
    void aGroupFarBelowTakesWhatTheCapsLeave() {
        double[] weights = new double[3];

        new BoxedSoftmax(new double[3], new double[] {0.3, 0.3, 1})
                .project(new double[] {5000, 0, -5000}, weights);

        assertThat(weights).containsExactly(new double[] {0.3, 0.3, 0.4}, within(1e-15));
    }

    private static double[] logits(Random random, int m, double size) {
        double[] z = new double[m];
        for (int j = 0; j < m; j++) {
            z[j] = size * random.nextGaussian();
        }
        return z;
    }
}
