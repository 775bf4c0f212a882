package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import org.junit.jupiter.api.Test;

class StaticPolicyTest extends MixingPolicyContract {

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("static");
    }

    @Test
    void proposesThePriorWhateverIsInForce() {
        RunSpec spec = TestingRun.ofPriors(0.2, 0.8).target("t", 1).build();

        PolicyStep step =
                new StaticPolicy()
                        .step(
                                TestingSnapshot.of(spec)
                                        .inForce(0.5, 0.5)
                                        .cosines(0, new double[] {1, -1})
                                        .build(),
                                PolicyMemory.EMPTY);

        assertThat(LogWeights.softmax(step.logWeights()))
                .containsExactly(new double[] {0.2, 0.8}, within(1e-15));
        assertThat(step.scores()).containsOnly(0);
    }
}
