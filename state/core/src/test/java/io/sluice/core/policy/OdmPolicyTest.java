package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.PolicySpec;
import io.sluice.core.policy.OdmPolicy.Form;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OdmPolicyTest extends MixingPolicyContract {

    private static final double[] LOSSES = {2, 3, 4};
    private static final double PRINTED = 5e-9;

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("odm");
    }

    @Test
    void explorationFallsAsTheVectorSays() {
        OdmPolicy policy = odm(Form.REPOSITORY);

        assertThat(policy.exploration(3, 1)).isEqualTo(1.0 / 3);
        assertThat(policy.exploration(3, 3)).isEqualTo(.33333333, within(PRINTED));
        assertThat(policy.exploration(3, 4)).isEqualTo(.302574, within(5e-7));
        assertThat(policy.exploration(3, 100)).isEqualTo(.0605148, within(5e-8));
        assertThat(policy.exploration(3, 1000)).isEqualTo(.01913646, within(PRINTED));
        assertThat(policy.exploration(3, 10000)).isEqualTo(.00605148, within(PRINTED));
    }

    @Test
    void theRepositorysFormGivesItsVector() {
        OdmPolicy policy = odm(Form.REPOSITORY);
        double[] rewards = new double[3];

        rewards = observe(policy, rewards, LOSSES, new double[] {1, 1, 1});

        assertClose(rewards, .73890561, 2.00855369, 5.459815);
        assertClose(policy.weights(rewards, 100), .13420083, .26081419, .60498499);
        rewards = observe(policy, rewards, LOSSES, new double[] {1, 1, 1});
        assertClose(policy.weights(rewards, 101), .13398162, .26073436, .60528402);
    }

    @Test
    void thePapersFormGivesItsVector() {
        OdmPolicy policy = odm(Form.PAPER);
        double third = 1.0 / 3;
        double[] rewards =
                observe(policy, new double[3], LOSSES, new double[] {third, third, third});

        assertClose(rewards, .6, .9, 1.2);
        double[] weights = policy.weights(rewards, 100);
        assertClose(weights, .32837093, .33330306, .33832601);
        rewards = observe(policy, rewards, LOSSES, weights);
        assertClose(rewards, 1.14906732, 1.71008174, 2.26229159);
        weights = policy.weights(rewards, 101);
        assertClose(weights, .32416373, .33327857, .3425577);
        rewards = observe(policy, rewards, LOSSES, weights);
        assertClose(rewards, 1.65113275, 2.43922145, 3.20374894);
        assertClose(policy.weights(rewards, 102), .32059512, .33326356, .34614131);
    }

    @Test
    void theFlooredFormKeepsEveryGroupAboveItsFloor() {
        OdmPolicy policy = odm(Form.FLOORED);

        double[] weights = policy.weights(new double[] {0, 100, 1e4}, 1e9);

        assertThat(weights[0]).isEqualTo(weights[1], within(1e-15));
        assertThat(weights[0])
                .isEqualTo(
                        .03 + (1 - 3 * .03) * Math.exp(-5) / (1 + 2 * Math.exp(-5)), within(1e-15));
    }

    @Test
    void aGroupThatWasNotDrawnKeepsItsEstimate() {
        OdmPolicy policy = odm(Form.REPOSITORY);
        PolicyMemory memory =
                policy.step(
                                TestingSnapshot.of(TestingRun.ofPriors(.5, .5).build())
                                        .groupLosses(1, 2)
                                        .build(),
                                PolicyMemory.EMPTY)
                        .memory();

        PolicyStep step =
                policy.step(
                        TestingSnapshot.of(TestingRun.ofPriors(.5, .5).build())
                                .groupLosses(new long[] {1000, 0}, 1, 0)
                                .build(),
                        memory);

        assertThat(step.scores()[1]).isEqualTo(0.1 * Math.exp(2), within(1e-15));
        assertThat(step.scores()[0]).isEqualTo(0.19 * Math.E, within(1e-15));
    }

    private static OdmPolicy odm(Form form) {
        return new OdmPolicy(form, new Options(PolicySpec.of(form.policy, Map.of())));
    }

    private static double[] observe(
            OdmPolicy policy, double[] before, double[] losses, double[] shares) {
        double[] after = new double[before.length];
        for (int j = 0; j < after.length; j++) {
            after[j] = policy.reward(before[j], losses[j], shares[j]);
        }
        return after;
    }

    private static void assertClose(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(PRINTED));
    }
}
