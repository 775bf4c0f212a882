package io.sluice.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class CeilingGuardTest {

    private static final boolean[] BOTH = {true, true};
    private static final double[] DECLARED = {.25, .75};

    private final RunSpec spec = run("dga");

    @Test
    void belowItsCeilingATargetHasItsDeclaredWeight() {
        double[] prices = CeilingGuard.prices(spec, new double[2], BOTH, new double[] {1.9, 9});

        assertThat(prices).containsExactly(0, 0);
        assertThat(CeilingGuard.weights(DECLARED, prices)).containsExactly(.25, .75);
    }

    /** A tenth of a nat too high for ten rounds: a price of 1. */
    @Test
    void aboveItItsWeightGrowsRoundByRound() {
        double[] prices = new double[2];
        for (int round = 0; round < 10; round++) {
            prices = CeilingGuard.prices(spec, prices, BOTH, new double[] {2.1, 9});
        }

        assertThat(prices).containsExactly(new double[] {1, 0}, within(1e-12));
        assertThat(CeilingGuard.weights(DECLARED, prices))
                .containsExactly(new double[] {.625, .375}, within(1e-12));
    }

    @Test
    void thePriceFallsAgainAsTheLossDoes() {
        double[] prices = CeilingGuard.prices(spec, new double[2], BOTH, new double[] {2.3, 9});
        prices = CeilingGuard.prices(spec, prices, BOTH, new double[] {1.9, 9});
        assertThat(prices[0]).isEqualTo(.2, within(1e-12));

        prices = CeilingGuard.prices(spec, prices, BOTH, new double[] {1.5, 9});
        assertThat(prices[0]).isZero();
    }

    @Test
    void aRoundWithoutItsLossKeepsThePrice() {
        double[] prices = {.5, 0};

        assertThat(CeilingGuard.prices(spec, prices, new boolean[2], new double[] {9, 9}))
                .containsExactly(prices);
    }

    @Property
    void weightsStayOnTheSimplex(@ForAll long seed) {
        Random random = new Random(seed);
        double[] prices = new double[2];
        for (int round = 0; round < 1_000; round++) {
            double loss = Math.exp(20 * random.nextGaussian());
            prices = CeilingGuard.prices(spec, prices, BOTH, new double[] {loss, loss});
        }
        double[] weights = CeilingGuard.weights(DECLARED, prices);

        assertThat(Arrays.stream(weights).sum()).isEqualTo(1, within(1e-12));
        assertThat(Arrays.stream(weights).min().orElseThrow()).isPositive();
    }

    @Test
    void aPolicyThatDoesNotLookAtTargetsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(run("slope-eg")))
                .withMessageContaining("policy slope-eg does not look at targets")
                .withMessageContaining("drop the ceiling, or choose another policy");
    }

    @Test
    void aCeilingThatNoLossCanKeepIsRefused() {
        for (double bad : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new TargetSpec(new TargetId("t"), 1, OptionalDouble.of(bad)))
                    .withMessageContaining("target t: ceiling");
        }
    }

    private static RunSpec run(String policy) {
        return TestingRun.ofPriors(.5, .5)
                .target(new TargetSpec(new TargetId("general"), .25, OptionalDouble.of(2)))
                .target("task", .75)
                .policy(PolicySpec.of(policy))
                .build();
    }
}
