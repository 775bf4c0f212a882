package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DynamixPolicyTest extends MixingPolicyContract {

    private static final double PRINTED = 5e-9;
    private static final boolean[] ALL = {true, true, true};

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("dynamix");
    }

    @Test
    void oneStepGivesItsVector() {
        double[] before = {2, 1.5, 3};
        double[] after = {1.98, 1.47, 2.99};
        double[] rewards = new double[3];
        for (int j = 0; j < 3; j++) {
            rewards[j] = (before[j] - after[j]) / before[j];
        }
        assertClose(rewards, .01, .02, .00333333);

        double[] scaled = plain().scale(rewards, new double[3], ALL);

        assertClose(scaled, .4, 1, 0);
        double[] values = {.2, .5, .1};
        for (int j = 0; j < 3; j++) {
            values[j] = .95 * values[j] + .05 * scaled[j];
        }
        assertClose(values, .21, .525, .095);
        Mixture prior = Mixture.of(TestingRun.ids(3), new double[] {.7, .2, .1});
        assertClose(plain().weights(prior, values), .43373912, .43616316, .13009772);
    }

    @Test
    void progressWithinItsNoiseIsNoProgress() {
        double[] rewards = {.01, .02, .00333333};
        double[] errors = {.001, .01, .001};

        assertThat(guarded().scale(rewards, errors, ALL)).containsExactly(.5, .5, .5);
        assertThat(plain().scale(rewards, errors, ALL))
                .containsExactly(plain().scale(rewards, new double[3], ALL));
    }

    @Test
    void progressAboveItsNoiseIsTrustedInPart() {
        double[] rewards = {0, .1, .05};
        double[] errors = {.01, .025, .01};
        double trust = 1 - .5 * .5;

        assertThat(guarded().scale(rewards, errors, ALL))
                .containsExactly(new double[] {.5 - trust / 2, .5 + trust / 2, .5}, within(1e-15));
    }

    @Test
    void windowsAreComparedByTheirMeans() {
        RunSpec spec =
                TestingRun.ofPriors(.5, .5)
                        .policy(PolicySpec.of("dynamix", Map.of("window", 2.0, "guard", 0.0)))
                        .build();
        MixingPolicy policy = PolicyCatalog.create(spec);
        double[][] losses = {{4, 2}, {2, 2}, {3, 1}, {2, 1}};
        PolicyMemory memory = PolicyMemory.EMPTY;
        PolicyStep step = null;
        for (double[] loss : losses) {
            step = policy.step(TestingSnapshot.of(spec).groupLosses(loss).build(), memory);
            memory = step.memory();
        }

        // Progress 1/6 and 1/2: the second group has the most.
        assertThat(step.scores())
                .containsExactly(new double[] {.95 * .5, .95 * .5 + .05}, within(1e-15));
    }

    private static DynamixPolicy plain() {
        return new DynamixPolicy(new Options(PolicySpec.of("dynamix", Map.of("guard", 0.0))));
    }

    private static DynamixPolicy guarded() {
        return new DynamixPolicy(new Options(PolicySpec.of("dynamix")));
    }

    private static void assertClose(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(PRINTED));
    }
}
