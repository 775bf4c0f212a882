package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExternalPolicyTest extends MixingPolicyContract {

    private final RunSpec spec =
            TestingRun.ofPriors(.5, .3, .2).target("t", .25).target("u", .75).build();

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of(ExternalPolicy.NAME);
    }

    @Override
    boolean isInTheCatalog() {
        return false;
    }

    /** More of what is hard, or matters to the targets, as far as its tokens are worth it. */
    @Override
    MixingPolicy create(RunSpec run) {
        return new ExternalPolicy(
                features -> {
                    double[] scores = new double[features.length];
                    for (int j = 0; j < scores.length; j++) {
                        double[] group = features[j];
                        scores[j] =
                                group[GroupFeature.WORTH.ordinal()]
                                        * (group[GroupFeature.LOSS.ordinal()]
                                                + Math.abs(
                                                        group[GroupFeature.ALIGNMENT.ordinal()]));
                    }
                    return scores;
                },
                Set.of(Need.GROUP_LOSSES, Need.ALIGNMENTS),
                .1);
    }

    @Test
    void scoresMoveTheMixtureInForce() {
        PolicySeen seen = new PolicySeen();

        PolicyStep step = external(seen, 1, 0, -50).step(round(2, 3), PolicyMemory.EMPTY);

        double[] expected = {.5 * Math.exp(.5), .3, .2 * Math.exp(-5)};
        double sum = expected[0] + expected[1] + expected[2];
        assertThat(LogWeights.softmax(step.logWeights()))
                .containsExactly(
                        new double[] {expected[0] / sum, expected[1] / sum, expected[2] / sum},
                        within(1e-12));
    }

    @Test
    void theModelIsToldWhatWasMeasured() {
        PolicySeen seen = new PolicySeen();
        MixingPolicy policy = external(seen, 0, 0, 0);

        PolicyMemory memory = policy.step(round(2, 3), PolicyMemory.EMPTY).memory();
        policy.step(round(1.5, 2.5), memory);

        assertThat(seen.get(0, 1, GroupFeature.LOG_SHARE)).isEqualTo(Math.log(.3), within(1e-12));
        assertThat(seen.get(0, 1, GroupFeature.LOG_PRIOR)).isEqualTo(Math.log(.3), within(1e-12));
        assertThat(seen.get(0, 1, GroupFeature.DRAWN_SHARE)).isEqualTo(1.0 / 3, within(1e-12));
        assertThat(seen.get(0, 1, GroupFeature.LOSS)).isEqualTo(2);
        assertThat(seen.get(0, 1, GroupFeature.LOSS_CHANGE)).isZero();
        assertThat(seen.get(1, 1, GroupFeature.LOSS_CHANGE)).isEqualTo(-.5, within(1e-12));
        assertThat(seen.get(0, 1, GroupFeature.WORTH)).isEqualTo(1);
        assertThat(seen.get(0, 1, GroupFeature.ALIGNMENT)).isEqualTo(.2, within(1e-12));
        assertThat(seen.get(0, 1, GroupFeature.ALIGNMENT_ERROR))
                .isEqualTo(.01 * Math.sqrt(.625), within(1e-12));
        assertThat(seen.get(0, 1, GroupFeature.TARGET_LOSS)).isEqualTo(3, within(1e-12));
        assertThat(seen.get(1, 1, GroupFeature.TARGET_LOSS_CHANGE)).isEqualTo(-.5, within(1e-12));
    }

    @Test
    void whatIsNoScoreLeavesTheMixtureInForce() {
        double[][] bad = {{1, Double.NaN, 0}, {1, Double.POSITIVE_INFINITY, 0}, {1, 0}, {}, null};
        for (double[] scores : bad) {
            MixingPolicy policy = new ExternalPolicy(features -> scores, Set.of(), .5);

            PolicyStep step = policy.step(round(2, 3), PolicyMemory.EMPTY);

            assertThat(LogWeights.softmax(step.logWeights()))
                    .containsExactly(new double[] {.5, .3, .2}, within(1e-12));
        }
    }

    @Test
    void aRoundThatSaysNothingHasFiniteFeatures() {
        PolicySeen seen = new PolicySeen();

        external(seen, 0, 0, 0).step(TestingSnapshot.of(spec).build(), PolicyMemory.EMPTY);

        for (int j = 0; j < 3; j++) {
            for (GroupFeature feature : GroupFeature.values()) {
                assertThat(seen.get(0, j, feature)).isFinite();
            }
        }
    }

    @Test
    void refusesAStepOfNoSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ExternalPolicy(features -> new double[0], Set.of(), 0))
                .withMessageContaining("eta 0.0 is not in (0, 100]");
    }

    private RoundSnapshot round(double groupLoss, double targetLoss) {
        return TestingSnapshot.of(spec)
                .groupLosses(groupLoss, groupLoss, groupLoss)
                .targetLosses(targetLoss, targetLoss)
                .cosines(.01, new double[] {.2, .2, .2}, new double[] {.2, .2, .2})
                .build();
    }

    private static MixingPolicy external(PolicySeen seen, double... scores) {
        return new ExternalPolicy(
                features -> {
                    seen.calls.add(features);
                    return scores;
                },
                Set.of(Need.GROUP_LOSSES),
                .5);
    }

    /** What the model was told, call by call. */
    private static final class PolicySeen {

        private final List<double[][]> calls = new ArrayList<>();

        double get(int call, int group, GroupFeature feature) {
            return calls.get(call)[group][feature.ordinal()];
        }
    }
}
