package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DogePolicyTest extends MixingPolicyContract {

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("doge");
    }

    /** Three gradients, their mean as the target, learning rate 5e-4, mu 0.01. */
    @Test
    void givesItsVector() {
        double[][] gradients = {{1, 0, .2}, {.5, .5, 0}, {0, 1, -.3}};
        double[] target = new double[3];
        double meanNorm = 0;
        for (double[] gradient : gradients) {
            double squares = 0;
            for (int k = 0; k < 3; k++) {
                target[k] += gradient[k] / 3;
                squares += gradient[k] * gradient[k];
            }
            meanNorm += Math.sqrt(squares) / 3;
        }
        double[] products = new double[3];
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++) {
                products[j] += gradients[j][k] * target[k];
            }
        }

        double[] scores = DogePolicy.scores(products, meanNorm);

        double[] printed = {2.6706e-4, 2.7067e-4, 2.7608e-4};
        for (int j = 0; j < 3; j++) {
            assertThat(5e-4 * scores[j]).isEqualTo(printed[j], within(5e-9));
        }
        Mixture equal = Mixture.normalised(TestingRun.ids(3), new double[] {1, 1, 1});
        PolicyStep step = PolicyStep.mirror(equal, 5e-4 / 0.01, scores, PolicyMemory.EMPTY);
        assertThat(LogWeights.softmax(step.logWeights()))
                .containsExactly(new double[] {.33319299, .33331326, .33349374}, within(5e-9));
    }

    @Test
    void groupsThatHarmAreNotPunished() {
        RunSpec spec =
                TestingRun.ofPriors(.25, .25, .5)
                        .target("t", 1)
                        .policy(PolicySpec.of("doge", Map.of("eta", 2.0)))
                        .build();

        PolicyStep step =
                PolicyCatalog.create(spec)
                        .step(
                                TestingSnapshot.of(spec)
                                        .cosines(0, new double[] {.5, -.5, 0})
                                        .build(),
                                PolicyMemory.EMPTY);

        double factor = Math.exp(2 * .5 / (1 + 1e-6));
        assertThat(LogWeights.softmax(step.logWeights()))
                .containsExactly(
                        LogWeights.softmax(
                                new double[] {Math.log(.25 * factor), Math.log(.25), Math.log(.5)}),
                        within(1e-15));
    }
}
