package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Vectors computed by an independent implementation, to the digits that it printed. */
class PolicyStepTest {

    private static final double PRINTED = 5e-9;
    private static final Mixture IN_FORCE =
            Mixture.of(TestingRun.ids(3), new double[] {.5, .3, .2});

    private static final PolicyMemory MEMORY = PolicyMemory.EMPTY;

    @Test
    void exponentiatedGradientWithClippedScores() {
        assertThat(exponentiatedGradient(new double[] {.10, 0, .30}, 1e-3))
                .containsExactly(new double[] {.49209702, .26731304, .24058994}, within(PRINTED));
    }

    @Test
    void exponentiatedGradientWithScoresAsTheyAre() {
        assertThat(exponentiatedGradient(new double[] {.10, -.05, .30}, 1e-4))
                .containsExactly(new double[] {.49874009, .25757786, .24368205}, within(PRINTED));
    }

    @Test
    void aStepIsAsLongAsItsSizeTimesItsScores() {
        PolicyStep whole = PolicyStep.mirror(IN_FORCE, 1, new double[] {.2, -.1, 0}, MEMORY);
        PolicyStep half = PolicyStep.mirror(IN_FORCE, .5, new double[] {.4, -.2, 0}, MEMORY);

        assertThat(half.logWeights()).containsExactly(whole.logWeights(), within(1e-15));
        assertThat(half.memory()).isSameAs(MEMORY);
    }

    /** The mirror step, and equal shares of c of the whole, which the vectors mix in. */
    private static double[] exponentiatedGradient(double[] scores, double c) {
        PolicyStep step = PolicyStep.mirror(IN_FORCE, 1, scores, MEMORY);
        return Arrays.stream(LogWeights.softmax(step.logWeights()))
                .map(weight -> (1 - c) * weight + c / 3)
                .toArray();
    }
}
