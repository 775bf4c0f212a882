package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.testing.TestingRun;
import org.junit.jupiter.api.Test;

class GrapePolicyTest extends MixingPolicyContract {

    private final RunSpec spec =
            TestingRun.ofPriors(.5, .5)
                    .target("t0", .5)
                    .target("t1", .5)
                    .policy(PolicySpec.of("grape"))
                    .build();
    private final MixingPolicy policy = PolicyCatalog.create(spec);

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("grape");
    }

    @Test
    void theTargetThatImprovesLeastCountsMost() {
        PolicyMemory memory = step(PolicyMemory.EMPTY, 2, 4).memory();
        PolicyStep step = step(memory, 1.8, 4);

        // The first improved by a tenth, mu is 5, and the pull to equal weights is a tenth.
        double[] z = LogWeights.softmax(new double[] {-5 * .1 / 1.1, 0});
        assertThat(step.scores())
                .containsExactly(new double[] {z[0] - z[1], z[1] - z[0]}, within(1e-12));
        // The mirror step from equal shares with eta = 0.4.
        double odds = Math.exp(.4 * 2 * (z[0] - z[1]));
        assertThat(LogWeights.softmax(step.logWeights()))
                .containsExactly(new double[] {odds / (1 + odds), 1 / (1 + odds)}, within(1e-12));
    }

    @Test
    void withoutEarlierLossesTheDeclaredWeightsStand() {
        PolicyStep step = step(PolicyMemory.EMPTY, 2, 4);

        assertThat(step.missing()).isEmpty();
        assertThat(step.scores()).containsExactly(0, 0);
    }

    @Test
    void beforeTheFirstLossesItSaysWhichIsMissing() {
        PolicyStep step = policy.step(unevaluated(), PolicyMemory.EMPTY);

        assertThat(step.missing()).contains(new TargetId("t0"));
    }

    @Test
    void aRoundWithoutLossesKeepsTheTargetsWeights() {
        PolicyMemory memory = step(step(PolicyMemory.EMPTY, 2, 4).memory(), 1.8, 4).memory();

        PolicyStep step = policy.step(unevaluated(), memory);

        double[] z = LogWeights.softmax(new double[] {-5 * .1 / 1.1, 0});
        assertThat(step.missing()).isEmpty();
        assertThat(step.scores())
                .containsExactly(new double[] {z[0] - z[1], z[1] - z[0]}, within(1e-12));
    }

    private RoundSnapshot unevaluated() {
        return TestingSnapshot.of(spec)
                .cosines(0, new double[] {.5, -.5}, new double[] {-.5, .5})
                .build();
    }

    private PolicyStep step(PolicyMemory memory, double... losses) {
        return policy.step(
                TestingSnapshot.of(spec)
                        .cosines(0, new double[] {.5, -.5}, new double[] {-.5, .5})
                        .targetLosses(losses)
                        .build(),
                memory);
    }
}
