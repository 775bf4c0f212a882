package io.sluice.core.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.testing.TestingRun;
import org.junit.jupiter.api.Test;

/** Vectors computed by an independent implementation, to the digits that it printed. */
class GoldenVectorsTest {

    private static final double PRINTED = 5e-9;

    @Test
    void cappedProjection() {
        MixtureBox box = new MixtureBox(new double[4], new double[] {0.3, 0.4, 0.2, 0.2});

        double[] weights = box.project(new double[] {0.5, 0.3, 0.15, 0.05});

        assertThat(weights).containsExactly(new double[] {0.3, 0.4, 0.2, 0.1}, within(1e-15));
    }

    @Test
    void proximalStep() {
        double eta = 0.5;
        double kappa = 0.1;
        double[] inForce = {0.4, 0.4, 0.2};
        double[] gradient = {-0.2, 0.1, 0.3};
        double[] proposal = new double[3];
        for (int j = 0; j < 3; j++) {
            proposal[j] = LogWeights.log(inForce[j]) - eta * gradient[j];
        }
        Mixture prior = Mixture.of(TestingRun.ids(3), new double[] {0.6, 0.3, 0.1});

        double[] pulled = PriorPull.pull(proposal, prior, eta * kappa);

        assertClose(LogWeights.softmax(pulled), 0.45193445, 0.37905184, 0.16901371);
    }

    private static void assertClose(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(PRINTED));
    }
}
