package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
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

    /** What a round takes must not depend on how many laws are due. */
    @Test
    void manyGroupsAreFittedInSeveralRounds() {
        int m = 1_200;
        double[] prior = new double[m];
        Arrays.fill(prior, 1.0 / m);
        RunSpec spec = TestingRun.ofPriors(prior).policy(PolicySpec.of("slope-eg")).build();
        MixingPolicy policy = PolicyCatalog.create(spec);
        PolicyMemory memory = PolicyMemory.EMPTY;
        long[] laws = new long[33];
        for (int round = 0; round < laws.length; round++) {
            double[] losses = new double[m];
            Arrays.fill(losses, 1 + 40 * Math.pow(1000 * round + 500, -.4));
            memory =
                    policy.step(TestingSnapshot.of(spec).groupLosses(losses).build(), memory)
                            .memory();
            laws[round] =
                    memory.vectors().keySet().stream()
                            .filter(name -> name.startsWith("law/"))
                            .count();
        }

        assertThat(laws[28]).isZero();
        assertThat(laws[29]).isBetween(300L, 500L);
        assertThat(laws[30]).isBetween(700L, 900L);
        assertThat(laws[31]).isEqualTo(m);
        assertThat(laws[32]).isEqualTo(m);
    }

    /** A group that joins or leaves shifts the others, which keep what was learnt of them. */
    @Test
    void groupsAreRememberedByName() {
        RunSpec two = TestingRun.ofPriors(.5, .5).policy(PolicySpec.of("slope-eg")).build();
        PolicyMemory memory =
                PolicyCatalog.create(two)
                        .step(TestingSnapshot.of(two).groupLosses(3, 2).build(), PolicyMemory.EMPTY)
                        .memory();
        String second = "curve/" + two.groups().get(1).id();
        RunSpec one =
                TestingRun.run()
                        .group(new GroupSpec(two.groups().get(1).id(), 1, 0, 1))
                        .policy(PolicySpec.of("slope-eg"))
                        .build();

        PolicyMemory next =
                PolicyCatalog.create(one)
                        .step(TestingSnapshot.of(one).groupLosses(1).build(), memory)
                        .memory();

        assertThat(next.vectors().get(second)).containsExactly(500, 2, 1000, 1500, 1, 1000);
        assertThat(next.vectors().get("curve/" + two.groups().get(0).id()))
                .containsExactly(500, 3, 1000);
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
