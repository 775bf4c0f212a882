package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A policy that is shown influences in the place of alignments. */
class FisherPolicyTest extends MixingPolicyContract {

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("dga", Map.of("fisher", 0.5));
    }

    @Test
    void influencesDecideWhereAlignmentsWouldHave() {
        RunSpec spec = run(Map.of("fisher", 0.5, "eta", 1.0));
        RoundSnapshot snapshot =
                TestingSnapshot.of(spec)
                        .cosines(0, new double[] {.3, .1})
                        .geometry(new double[][] {{.1, .3}}, 0, new double[0][])
                        .build();
        RoundSnapshot swapped = TestingSnapshot.of(spec).cosines(0, new double[] {.1, .3}).build();

        double[] weights = weights(spec, snapshot);
        double[] plain = weights(run(Map.of("eta", 1.0)), swapped);

        assertThat(weights[1]).isGreaterThan(weights[0]);
        // They have the error of the sketch, which these alignments lack.
        assertThat(weights[1]).isEqualTo(plain[1], within(.01));
    }

    @Test
    void influencesAreAveragedLikeAlignments() {
        RunSpec spec = run(Map.of("fisher", 0.5));
        MixingPolicy policy = PolicyCatalog.create(spec);
        PolicyMemory memory = PolicyMemory.EMPTY;
        for (double first : new double[] {.4, .2}) {
            memory =
                    policy.step(
                                    TestingSnapshot.of(spec)
                                            .geometry(
                                                    new double[][] {{first, .1}},
                                                    .04,
                                                    new double[0][])
                                            .build(),
                                    memory)
                            .memory();
        }

        double b = spec.guards().signalDecay();
        assertThat(memory.vectors().get("fisher-mean"))
                .containsExactly(new double[] {(1 - b) * .4 + b * .2, .1}, within(1e-15));
        assertThat(memory.vectors().get("fisher-variance")[0])
                .isEqualTo(.04 * ((1 - b) * (1 - b) + b * b), within(1e-15));
    }

    @Test
    void aRoundWithoutInfluencesKeepsThem() {
        RunSpec spec = run(Map.of("fisher", 0.5));
        MixingPolicy policy = PolicyCatalog.create(spec);
        PolicyMemory memory =
                policy.step(
                                TestingSnapshot.of(spec)
                                        .geometry(new double[][] {{.4, .1}}, .04, new double[0][])
                                        .build(),
                                PolicyMemory.EMPTY)
                        .memory();

        PolicyStep step = policy.step(TestingSnapshot.of(spec).build(), memory);

        assertThat(step.memory().vectors().get("fisher-mean")).containsExactly(.4, .1);
        assertThat(LogWeights.softmax(step.logWeights())[0]).isGreaterThan(.5);
    }

    @Test
    void everyPolicyOfGradientsCanBeShownInfluences() {
        for (String name : new String[] {"dga", "doge", "grape", "tikmix-d"}) {
            RunSpec spec = run(name, Map.of("fisher", 1.0));

            assertThat(PolicyCatalog.create(spec).needs()).contains(Need.INFLUENCES);
            assertThat(PolicyCatalog.create(spec).name()).isEqualTo(name);
            assertThat(PolicyCatalog.create(run(name, Map.of())).needs())
                    .doesNotContain(Need.INFLUENCES);
        }
    }

    @Test
    void aDampingThatRoundingWouldDrownIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(run(Map.of("fisher", 1e-5))))
                .withMessageContaining("fisher 1.0E-5 is neither 0 nor at least 0.001");
    }

    private static double[] weights(RunSpec spec, RoundSnapshot snapshot) {
        return LogWeights.softmax(
                PolicyCatalog.create(spec).step(snapshot, PolicyMemory.EMPTY).logWeights());
    }

    private static RunSpec run(Map<String, Double> options) {
        return run("dga", options);
    }

    private static RunSpec run(String policy, Map<String, Double> options) {
        return TestingRun.ofPriors(.5, .5)
                .target("t", 1)
                .dimension(8191)
                .policy(PolicySpec.of(policy, options))
                .build();
    }
}
