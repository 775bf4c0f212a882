package io.sluice.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.testing.RandomBox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixtureBoxTest {

    /** How near to a bound counts as on it. */
    private static final double ON_BOUND = 1e-9;

    @Property
    void projectionsLieOnTheSimplexAndInTheBox(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);

        assertInside(bounds, bounds.box().project(extreme(random, m)));
    }

    /**
     * The conditions of Karush, Kuhn and Tucker: w_j / u_j is one number c on the free groups, at
     * least c where a floor lifts, at most c where a cap holds down.
     */
    @Property
    void projectionsAreTheNearestInDivergence(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 60) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        double[] u = RandomBox.simplex(random, m);

        double[] w = bounds.box().project(u);

        double atLeast = 0;
        double atMost = Double.POSITIVE_INFINITY;
        for (int j = 0; j < m; j++) {
            double ratio = w[j] / u[j];
            if (w[j] > bounds.floors[j] * (1 + ON_BOUND)) {
                // Not at its floor: the multiplier c is at least this ratio.
                atLeast = Math.max(atLeast, ratio);
            }
            if (w[j] < bounds.caps[j] * (1 - ON_BOUND)) {
                atMost = Math.min(atMost, ratio);
            }
        }
        assertThat(atLeast).isLessThanOrEqualTo(atMost * (1 + 1e-9));
    }

    @Property
    void whatLiesInTheBoxStays(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        MixtureBox box = bounds.box();
        double[] w = box.project(RandomBox.simplex(random, m));

        assertThat(box.project(w)).containsExactly(w, within(1e-12));
    }

    @Property
    void permutingTheGroupsPermutesTheProjection(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        double[] u = RandomBox.simplex(random, m);
        List<Integer> order = new ArrayList<>();
        for (int j = 0; j < m; j++) {
            order.add(j);
        }
        Collections.shuffle(order, random);
        MixtureBox permuted =
                new MixtureBox(permute(bounds.floors, order), permute(bounds.caps, order));

        assertThat(permuted.project(permute(u, order)))
                .containsExactly(permute(bounds.box().project(u), order), within(1e-13));
    }

    @Test
    void tinyWeightsKeepTheirProportion() {
        MixtureBox box = new MixtureBox(new double[5], new double[] {1, 1, 1, 1, 1});

        double[] w = box.project(new double[] {1e-30, 0.1, 0.2, 0.3, 1e-200});

        assertThat(w[0] / (w[1] * 1e-29)).isEqualTo(1, within(1e-12));
        assertThat(w[4] / (w[1] * 1e-199)).isEqualTo(1, within(1e-12));
    }

    @Test
    void aBoxOfOnePointHasOneAnswer() {
        double[] only = {0.1, 0.2, 0.3, 0.4};
        MixtureBox box = new MixtureBox(only, only);

        assertThat(box.project(new double[] {1e300, 0, 1e-300, 5})).containsExactly(only);
    }

    @Test
    void refusesABoxThatHoldsNoMixture() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixtureBox(new double[] {0.6, 0.6}, new double[] {1, 1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixtureBox(new double[] {0, 0}, new double[] {0.4, 0.5}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MixtureBox(new double[] {0.5, 0}, new double[] {0.4, 1}));
    }

    @Test
    void aGroupThatTakesAllButForRoundingTakesAll() {
        MixtureBox box =
                new MixtureBox(new double[] {0, 0}, new double[] {1, 0.012168127953720432});

        double[] w = box.project(new double[] {2.7404278861974917E51, 3.2544824075760394E-160});

        assertThat(w[0]).isEqualTo(1, within(1e-12));
        assertThat(w[1]).isEqualTo(0, within(1e-12));
    }

    @Test
    void countsGroupsAtTheirBounds() {
        MixtureBox box = new MixtureBox(new double[] {0.1, 0, 0}, new double[] {1, 0.6, 1});

        assertThat(box.countBound(new double[] {0.1, 0.6, 0.3})).isEqualTo(2);
        assertThat(box.contains(new double[] {0.1, 0.6, 0.3})).isTrue();
        assertThat(box.contains(new double[] {0.09, 0.6, 0.31})).isFalse();
    }

    private static void assertInside(RandomBox bounds, double[] w) {
        assertThat(Arrays.stream(w).sum()).isEqualTo(1, within(1e-12));
        for (int j = 0; j < w.length; j++) {
            assertThat(w[j]).isBetween(bounds.floors[j], bounds.caps[j]);
        }
    }

    /** From 1e-300 to 1e300, and zeros. */
    private static double[] extreme(Random random, int m) {
        double[] u = new double[m];
        for (int j = 0; j < m; j++) {
            u[j] = random.nextInt(4) == 0 ? 0 : Math.pow(10, 600 * random.nextDouble() - 300);
        }
        return u;
    }

    private static double[] permute(double[] values, List<Integer> order) {
        return order.stream().mapToDouble(j -> values[j]).toArray();
    }
}
