package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SlopeEgPolicyTest extends MixingPolicyContract {

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("slope-eg");
    }

    /** Curves that follow the law exactly: slopes, and so scores, are known. */
    @Test
    void movesTowardsTheSteepestCurve() {
        RunSpec spec =
                TestingRun.ofPriors(.5, .5)
                        .policy(PolicySpec.of("slope-eg", Map.of("eta", .5)))
                        .build();
        MixingPolicy policy = PolicyCatalog.create(spec);
        PolicyMemory memory = PolicyMemory.EMPTY;
        PolicyStep step = null;
        for (int round = 0; round < 30; round++) {
            double n = 1000 * round + 500;
            step =
                    policy.step(
                            TestingSnapshot.of(spec)
                                    .groupLosses(
                                            1 + 40 * Math.pow(n, -.4), 2 + 3 * Math.pow(n, -.2))
                                    .build(),
                            memory);
            assertThat(step.scores()[0] == 0).isEqualTo(round < 29);
            memory = step.memory();
        }

        double n = 30_000;
        double first = .4 * 40 * Math.pow(n, -1.4);
        double second = .2 * 3 * Math.pow(n, -1.2);
        double score = first / ((first + second) / 2) - 1;
        assertThat(step.scores()).containsExactly(new double[] {score, -score}, within(1e-3));
        double odds = Math.exp(.5 * 2 * step.scores()[0]);
        assertThat(LogWeights.softmax(step.logWeights())[0])
                .isEqualTo(odds / (1 + odds), within(1e-12));
    }

    /** Two curves of one kind: their slopes count by what the prior's loss has of them. */
    @Test
    void slopesCountByThePrior() {
        RunSpec spec = TestingRun.ofPriors(.4, .6).policy(PolicySpec.of("slope-eg")).build();
        MixingPolicy policy = PolicyCatalog.create(spec);
        PolicyMemory memory = PolicyMemory.EMPTY;
        PolicyStep step = null;
        for (int round = 0; round < 30; round++) {
            double loss = 1 + 40 * Math.pow(1000 * round + 500, -.4);
            step = policy.step(TestingSnapshot.of(spec).groupLosses(loss, loss).build(), memory);
            memory = step.memory();
        }

        assertThat(step.scores()).containsExactly(new double[] {-.2, .2}, within(1e-12));
    }

    @Test
    void scoresAreRelativeToTheMeanAndBounded() {
        boolean[] all = {true, true, true, true};

        assertThat(SlopeEgPolicy.scores(new double[] {1, 2, 3, 2}, all))
                .containsExactly(-.5, 0, .5, 0);
        assertThat(SlopeEgPolicy.scores(new double[] {0, 0, 0, 8}, all))
                .containsExactly(-1, -1, -1, 2);
        assertThat(SlopeEgPolicy.scores(new double[4], all)).containsOnly(0);
    }

    @Test
    void aGroupWithoutALawCountsAsTheMedian() {
        assertThat(
                        SlopeEgPolicy.scores(
                                new double[] {1, 2, 3, 0}, new boolean[] {true, true, true, false}))
                .containsExactly(-.5, 0, .5, 0);
        assertThat(SlopeEgPolicy.scores(new double[2], new boolean[2])).containsOnly(0);
    }
}
