package io.sluice.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.testing.RandomBox;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ChangeLimitTest {

    private static final MixtureBox OPEN = new MixtureBox(new double[2], new double[] {1, 1});

    @Property
    void everyStepStaysInTheBoxAndWithinTheLargestChange(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        MixtureBox box = bounds.box();
        double[] inForce = box.project(RandomBox.simplex(random, m));
        double[] proposal = new double[m];
        for (int j = 0; j < m; j++) {
            proposal[j] = 20 * random.nextGaussian();
        }
        double maxKl = Math.pow(10, -4 * random.nextDouble());

        ChangeLimit.Limited limited = ChangeLimit.limit(inForce, proposal, box, maxKl);

        assertThat(limited.boxExceeds()).isFalse();
        assertThat(limited.kl()).isLessThanOrEqualTo(maxKl);
        assertThat(Mixture.kl(limited.weights(), inForce)).isEqualTo(limited.kl(), within(1e-12));
        assertThat(Arrays.stream(limited.weights()).sum()).isEqualTo(1, within(1e-12));
        for (int j = 0; j < m; j++) {
            assertThat(limited.weights()[j]).isBetween(bounds.floors[j], bounds.caps[j]);
        }
    }

    @Property(tries = 200)
    void addingTheSameToAllLogWeightsChangesNothing(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        MixtureBox box = bounds.box();
        double[] inForce = box.project(RandomBox.simplex(random, m));
        double[] logWeights = new double[m];
        double[] shifted = new double[m];
        double constant = 100 * random.nextGaussian();
        for (int j = 0; j < m; j++) {
            logWeights[j] = 3 * random.nextGaussian();
            shifted[j] = logWeights[j] + constant;
        }

        assertThat(ChangeLimit.limit(inForce, shifted, box, .05).weights())
                .containsExactly(
                        ChangeLimit.limit(inForce, logWeights, box, .05).weights(), within(1e-9));
    }

    @Property(tries = 200)
    void permutingTheGroupsPermutesTheDecision(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 40) int m) {
        Random random = new Random(seed);
        RandomBox bounds = new RandomBox(random, m);
        List<Integer> order = new ArrayList<>();
        double[] logWeights = new double[m];
        for (int j = 0; j < m; j++) {
            order.add(j);
            logWeights[j] = 3 * random.nextGaussian();
        }
        Collections.shuffle(order, random);
        MixtureBox box = bounds.box();
        double[] inForce = box.project(RandomBox.simplex(random, m));

        ChangeLimit.Limited permuted =
                ChangeLimit.limit(
                        permute(inForce, order),
                        permute(logWeights, order),
                        new MixtureBox(permute(bounds.floors, order), permute(bounds.caps, order)),
                        .05);

        assertThat(permuted.weights())
                .containsExactly(
                        permute(ChangeLimit.limit(inForce, logWeights, box, .05).weights(), order),
                        within(1e-9));
    }

    private static double[] permute(double[] values, List<Integer> order) {
        return order.stream().mapToDouble(j -> values[j]).toArray();
    }

    @Test
    void takesTheWholeStepWhereItIsAllowed() {
        double[] inForce = {0.5, 0.5};
        double[] proposal = {Math.log(0.6), Math.log(0.4)};

        ChangeLimit.Limited limited = ChangeLimit.limit(inForce, proposal, OPEN, 0.1);

        assertThat(limited.fraction()).isEqualTo(1);
        assertThat(limited.weights()).containsExactly(new double[] {0.6, 0.4}, within(1e-15));
        assertThat(limited.kl())
                .isEqualTo(0.6 * Math.log(1.2) + 0.4 * Math.log(0.8), within(1e-15));
    }

    @Test
    void stopsWhereTheChangeIsLargestAllowed() {
        ChangeLimit.Limited limited =
                ChangeLimit.limit(new double[] {0.5, 0.5}, new double[] {9, 0}, OPEN, 0.05);

        assertThat(limited.kl()).isEqualTo(0.05, within(1e-12));
        assertThat(limited.fraction()).isBetween(0.0, 0.1);
    }

    @Test
    void aBoxThatMovedIsObeyedAndSaidSo() {
        MixtureBox moved = new MixtureBox(new double[] {0, 0.6}, new double[] {1, 1});

        ChangeLimit.Limited limited =
                ChangeLimit.limit(new double[] {0.9, 0.1}, new double[] {0, 0}, moved, 0.1);

        assertThat(limited.boxExceeds()).isTrue();
        assertThat(limited.fraction()).isEqualTo(0);
        assertThat(limited.kl()).isGreaterThan(0.1);
        assertThat(limited.weights()).containsExactly(new double[] {0.4, 0.6}, within(1e-15));
    }

    @Test
    void aGroupThatHasNoWeightCanComeBack() {
        double[] weights = {1, 0};
        for (int round = 0; round < 200; round++) {
            ChangeLimit.Limited limited =
                    ChangeLimit.limit(weights, new double[] {0, 0}, OPEN, 0.1);
            assertThat(limited.boxExceeds()).isFalse();
            assertThat(limited.kl()).isLessThanOrEqualTo(0.1);
            weights = limited.weights();
        }
        assertThat(weights).containsExactly(new double[] {0.5, 0.5}, within(1e-9));
    }

    /** Scores that always push the same way, and scores of noise, for as long as any run. */
    @Test
    void aMillionUpdatesStayFiniteAndInTheBox() {
        MixtureBox box = new MixtureBox(new double[] {0, .01, 0}, new double[] {1, 1, .9});
        Mixture prior = Mixture.of(TestingRun.ids(3), new double[] {.5, .3, .2});
        Random random = new Random(1);
        for (double tau : new double[] {0, .1}) {
            double[] weights = prior.weights();
            for (int update = 0; update < 500_000; update++) {
                double[] proposal = new double[3];
                for (int j = 0; j < 3; j++) {
                    double score = j == 2 ? 1 : 2 * random.nextDouble() - 1;
                    proposal[j] = LogWeights.log(weights[j]) + .4 * score;
                }
                double[] pulled = PriorPull.pull(proposal, prior, tau);
                weights = ChangeLimit.limit(weights, pulled, box, 10).weights();
            }
            assertThat(box.contains(weights)).isTrue();
            assertThat(Arrays.stream(weights).sum()).isEqualTo(1, within(1e-12));
        }
    }
}
