package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** {@code tikmix-d} with a price on groups that teach the same. */
class RedundancyTest extends MixingPolicyContract {

    private static final double[][] TWINS = {{1, 1, 0}, {1, 1, 0}, {0, 0, 1}};

    /** Balance, rows and pairs of groups may ask for more of a group that helps less. */
    @Override
    boolean isMonotonousInWorth() {
        return false;
    }

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("tikmix-d", Map.of("redundancy", 2.0));
    }

    /**
     * Without gain, {@code min (rho/2)((2a)^2 + (1 - 2a)^2) + gamma (2a log 3a + (1-2a) log
     * 3(1-2a))} over the twins' common share a: its derivative vanishes.
     */
    @Test
    void twinsShareWhatOneOfThemWouldHave() {
        double gamma = .05;
        double rho = 10;
        double[] weights = solution(Map.of("redundancy", rho, "gamma", gamma, "alpha", 0.0), TWINS);
        double a = weights[0];

        assertThat(weights[1]).isEqualTo(a, within(1e-9));
        assertThat(2 * a).isBetween(.5, .505);
        assertThat(
                        rho * (4 * a - 2 * (1 - 2 * a))
                                + 2 * gamma * (Math.log(a) - Math.log(1 - 2 * a)))
                .isEqualTo(0, within(1e-4));
    }

    @Test
    void withoutAPriceNothingChanges() {
        assertThat(solution(Map.of("redundancy", 0.0), TWINS))
                .containsExactly(solution(Map.of(), TWINS));
    }

    @Test
    void groupsThatShareNothingAndWeighTheSameAreDrawnToEqualShares() {
        double[][] own = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
        double[] free = solution(Map.of("redundancy", 0.0), own, .2, .1, 0);
        double[] priced = solution(Map.of("redundancy", 5.0), own, .2, .1, 0);

        assertThat(priced[0]).isLessThan(free[0]).isGreaterThan(priced[1]);
        assertThat(priced[2]).isGreaterThan(free[2]);
    }

    @Test
    void theRunMustBeSmallEnoughToCompareAllSketches() {
        PolicySpec policy = PolicySpec.of("tikmix-d", Map.of("redundancy", 1.0));
        double[] priors = new double[256];
        Arrays.fill(priors, 1.0 / priors.length);
        RunSpec large = TestingRun.ofPriors(priors).target("t", 1).policy(policy).build();
        RunSpec sharded =
                TestingRun.ofPriors(.5, .5).target("t", 1).shards(2).policy(policy).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(large))
                .withMessageContaining("257 groups and targets: merge them to at most 256");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(sharded))
                .withMessageContaining("2 shards, whose sketches never meet: declare 1");
    }

    @Test
    void manyGroupsWithNoisySketchesAreSolved() {
        Random random = new Random(9);
        int m = 60;
        double[] priors = new double[m];
        Arrays.fill(priors, 1.0 / m);
        double[][] gram = new double[m][m];
        double[] gains = new double[m];
        for (int j = 0; j < m; j++) {
            gains[j] = .3 * Math.tanh(random.nextGaussian());
            gram[j][j] = .2 + .5 * random.nextDouble();
            for (int k = 0; k < j; k++) {
                gram[j][k] = .2 + .3 * random.nextGaussian();
                gram[k][j] = gram[j][k];
            }
        }
        RunSpec spec =
                TestingRun.ofPriors(priors)
                        .target("t", 1)
                        .policy(PolicySpec.of("tikmix-d", Map.of("redundancy", 20.0)))
                        .build();
        PolicyStep step =
                PolicyCatalog.create(spec)
                        .step(
                                TestingSnapshot.of(spec)
                                        .cosines(.05, gains)
                                        .geometry(new double[0][], 0, gram)
                                        .build(),
                                PolicyMemory.EMPTY);

        assertThat(step.memory().vectors()).containsKey("solution");
    }

    private static double[] solution(
            Map<String, Double> options, double[][] gram, double... cosines) {
        Map<String, Double> all = new HashMap<>(options);
        all.put("reference", 0.0);
        RunSpec spec =
                TestingRun.ofPriors(1.0 / 3, 1.0 / 3, 1.0 / 3)
                        .target("t", 1)
                        .policy(PolicySpec.of("tikmix-d", all))
                        .build();
        return LogWeights.softmax(
                PolicyCatalog.create(spec)
                        .step(
                                TestingSnapshot.of(spec)
                                        .cosines(0, cosines.length == 0 ? new double[3] : cosines)
                                        .geometry(new double[0][], 0, gram)
                                        .build(),
                                PolicyMemory.EMPTY)
                        .logWeights());
    }
}
