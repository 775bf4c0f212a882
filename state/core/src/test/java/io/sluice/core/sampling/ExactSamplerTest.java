package io.sluice.core.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.SealedPlan;
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

class ExactSamplerTest {

    private static final long SEED = 42;

    @Property
    void everyCountStaysWithinOneDrawOfItsExpectation(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 40) int m,
            @ForAll @IntRange(min = 1, max = 17) int drawsPerStep) {
        Mixture mixture = randomMixture(new Random(seed), m);
        SealedPlan plan = plan(mixture, 1, 30);
        ExactSampler sampler = new ExactSampler(seed, "run", drawsPerStep);
        long[] counts = new long[m];
        for (int step = 30; step < 130; step++) {
            List<GroupId> draws = sampler.draws(plan, step);
            assertThat(draws).hasSize(drawsPerStep);
            draws.forEach(group -> counts[mixture.groups().indexOf(group)]++);
            long n = (step - 29L) * drawsPerStep;
            for (int j = 0; j < m; j++) {
                assertThat(Math.abs(counts[j] - n * mixture.weight(j))).isLessThan(1);
            }
        }
    }

    @Property(tries = 50)
    void tijdemansBoundHoldsAtEveryDraw(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int m) {
        double[] weights = positive(randomMixture(new Random(seed), m));
        int k = weights.length;
        ChairmanAssignment assignment = new ChairmanAssignment(weights, new long[k]);
        double bound = k == 1 ? 0 : 1 - 1.0 / (2 * k - 2);
        long[] counts = new long[k];
        for (int n = 1; n <= 2000; n++) {
            counts[assignment.next()]++;
            for (int j = 0; j < k; j++) {
                assertThat(Math.abs(counts[j] - n * weights[j])).isLessThan(bound + 1e-9);
            }
        }
    }

    @Property(tries = 50)
    void theAnswerDoesNotDependOnWhatWasAskedBefore(@ForAll long seed) {
        Random random = new Random(seed);
        SealedPlan first = plan(randomMixture(random, 7), 1, 0);
        SealedPlan second = plan(randomMixture(random, 7), 2, 25);
        List<List<GroupId>> inOrder = new ArrayList<>();
        ExactSampler sequential = new ExactSampler(SEED, "run", 8);
        for (int step = 0; step < 50; step++) {
            inOrder.add(sequential.draws(step < 25 ? first : second, step));
        }
        ExactSampler jumping = new ExactSampler(SEED, "run", 8);
        for (int i = 0; i < 40; i++) {
            int step = random.nextInt(50);
            assertThat(jumping.draws(step < 25 ? first : second, step))
                    .isEqualTo(inOrder.get(step));
        }
    }

    @Test
    void theOrderOfDeclarationChangesNothing() {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
        double[] priors = {0.2, 0.2, 0.2, 0.3, 0.1};
        List<GroupId> expected = null;
        for (int i = 0; i < 20; i++) {
            TestingRun run = TestingRun.run();
            order.forEach(j -> run.group(TestingRun.id(j), priors[j], 0, 1));
            RunSpec spec = run.build();
            List<GroupId> draws =
                    new ExactSampler(SEED, "run", 50).draws(plan(spec.prior(), 0, 0), 3);
            assertThat(draws).isEqualTo(expected == null ? draws : expected);
            expected = draws;
            Collections.shuffle(order, new Random(i));
        }
    }

    @Test
    void groupsOfWeightZeroAreNeverDrawnAndInfluenceNoOther() {
        Mixture without = mixture(List.of("b", "d"), 0.3, 0.7);
        Mixture with = mixture(List.of("a", "b", "c", "d", "e"), 0, 0.3, 0, 0.7, 0);

        for (int step = 0; step < 20; step++) {
            assertThat(new ExactSampler(SEED, "run", 9).draws(plan(with, 1, 0), step))
                    .isEqualTo(new ExactSampler(SEED, "run", 9).draws(plan(without, 1, 0), step));
        }
    }

    @Test
    void aGroupHasNoFixedPlaceInItsStep() {
        SealedPlan plan = plan(mixture(List.of("a", "b", "c", "d"), 0.25, 0.25, 0.25, 0.25), 1, 0);
        ExactSampler sampler = new ExactSampler(SEED, "run", 4);
        int[] places = new int[4];
        for (int step = 0; step < 4000; step++) {
            places[sampler.draws(plan, step).indexOf(new GroupId("a"))]++;
        }
        for (int place : places) {
            assertThat(place).isBetween(880, 1120);
        }
    }

    @Test
    void seedRunAndVersionNameTheOrder() {
        Mixture mixture = mixture(List.of("a", "b", "c", "d"), 0.25, 0.25, 0.25, 0.25);
        List<GroupId> draws = new ExactSampler(SEED, "run", 64).draws(plan(mixture, 1, 0), 0);

        assertThat(new ExactSampler(SEED + 1, "run", 64).draws(plan(mixture, 1, 0), 0))
                .isNotEqualTo(draws);
        assertThat(new ExactSampler(SEED, "other", 64).draws(plan(mixture, 1, 0), 0))
                .isNotEqualTo(draws);
    }

    /** Fixes the published algorithm: implementations in other languages must give these draws. */
    @Test
    void drawsAreThoseOfTheSpecification() {
        SealedPlan plan = plan(mixture(List.of("code", "math", "web"), 0.2, 0.3, 0.5), 3, 10);
        ExactSampler sampler = new ExactSampler(SEED, "run", 8);

        assertThat(initials(sampler.draws(plan, 10))).isEqualTo("cwmcwwmw");
        assertThat(initials(sampler.draws(plan, 11))).isEqualTo("wmcwwmwm");
        assertThat(initials(sampler.draws(plan, 1000))).isEqualTo("wmcwmwcw");
    }

    @Test
    void aSingleGroupTakesEveryDraw() {
        assertThat(new ExactSampler(SEED, "run", 3).draws(plan(mixture(List.of("a"), 1), 1, 0), 5))
                .containsOnly(new GroupId("a"))
                .hasSize(3);
    }

    @Test
    void refusesStepsBeforeThePlan() {
        SealedPlan plan = plan(mixture(List.of("a"), 1), 1, 10);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExactSampler(SEED, "run", 3).draws(plan, 9));
        assertThatIllegalArgumentException().isThrownBy(() -> new ExactSampler(SEED, "run", 0));
    }

    private static String initials(List<GroupId> draws) {
        StringBuilder text = new StringBuilder();
        draws.forEach(group -> text.append(group.value().charAt(0)));
        return text.toString();
    }

    private static Mixture mixture(List<String> ids, double... weights) {
        return Mixture.of(ids.stream().map(GroupId::new).toList(), weights);
    }

    /** Weights over many orders of magnitude, some of them equal, some 0. */
    private static Mixture randomMixture(Random random, int m) {
        double[] weights = new double[m];
        for (int j = 0; j < m; j++) {
            switch (random.nextInt(4)) {
                case 0:
                    weights[j] = 1;
                    break;
                case 1:
                    weights[j] = j == 0 ? 1 : 0;
                    break;
                default:
                    weights[j] = Math.exp(6 * random.nextGaussian());
            }
        }
        weights[random.nextInt(m)] = 1;
        return Mixture.normalised(TestingRun.ids(m), weights);
    }

    private static double[] positive(Mixture mixture) {
        return Arrays.stream(mixture.weights()).filter(weight -> weight > 0).toArray();
    }

    private static SealedPlan plan(Mixture mixture, long version, long firstStep) {
        Plan plan =
                new Plan(
                        "run",
                        1,
                        1,
                        "spec",
                        0,
                        version,
                        "",
                        firstStep,
                        mixture,
                        Plan.Label.POLICY,
                        "digest" + version);
        return new SealedPlan(plan, firstStep);
    }
}
