package io.sluice.core.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Figures computed by an independent implementation, to the digits that it printed. */
class ScenarioTest {

    private static final int ROUNDS = 400;
    private static final double PRINTED = 5e-5;

    @Test
    void equalSharesEndWhereTheyShould() {
        double[] equal = new double[5];
        Arrays.fill(equal, 0.2);

        assertThat(end(Scenario.IDENTICAL, equal)).isEqualTo(2.0352, within(PRINTED));
        assertThat(end(Scenario.NOISE, equal)).isEqualTo(2.6281, within(PRINTED));
        assertThat(end(Scenario.TRANSFER, equal)).isEqualTo(2.5618, within(PRINTED));
        assertThat(end(Scenario.LIMITED, equal)).isEqualTo(2.0513, within(PRINTED));
    }

    @Test
    void theBestFixedMixtureGainsWhatItShould() {
        assertThat(best(Scenario.IDENTICAL)).isEqualTo(0, within(PRINTED));
        assertThat(best(Scenario.NOISE)).isEqualTo(-.0274, within(PRINTED));
        assertThat(best(Scenario.TRANSFER)).isEqualTo(-.0072, within(PRINTED));
        assertThat(best(Scenario.LIMITED)).isEqualTo(-.0012, within(PRINTED));
    }

    @Test
    void repeatedTokensAreWorthLess() {
        double[] epochs = {1, 2, 4, 8, 16, 40};
        double[] worth = {1, 1.9682, 3.7257, 6.6241, 10.5825, 15.1675};
        for (int k = 0; k < epochs.length; k++) {
            double[] tokens = {0, 0, 0, 0, 5 * epochs[k]};
            assertThat(Scenario.LIMITED.effective(tokens)[4] / 5)
                    .isEqualTo(worth[k], within(PRINTED));
        }
    }

    @Test
    void slopesAreTheDerivativesOfTheLosses() {
        double[] tokens = {3, 50, 20, 60, 30};
        double step = 1e-4;
        for (Scenario scenario : Scenario.all()) {
            double[][] slopes = scenario.slopes(tokens);
            for (int j = 0; j < 5; j++) {
                double[] more = tokens.clone();
                double[] less = tokens.clone();
                more[j] += step;
                less[j] -= step;
                for (int i = 0; i < 5; i++) {
                    double drop = scenario.losses(less)[i] - scenario.losses(more)[i];
                    assertThat(slopes[i][j]).isEqualTo(drop / (2 * step), within(1e-7));
                }
            }
        }
    }

    private static double end(Scenario scenario, double[] weights) {
        double[] tokens = Arrays.stream(weights).map(weight -> ROUNDS * weight).toArray();
        return Arrays.stream(scenario.losses(tokens)).average().orElseThrow();
    }

    @Test
    void scenariosAreFoundByNameAndByPlace() {
        assertThat(Scenario.of("transfer")).isSameAs(Scenario.TRANSFER);
        assertThat(Scenario.of("s4")).isSameAs(Scenario.LIMITED);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scenario.of("S6"))
                .withMessageContaining("choose S1 to S5");
    }

    /** What the best fixed mixture gains on equal shares. */
    private static double best(Scenario scenario) {
        double[] caps = {1, 1, 1, 1, 1};
        double[] equal = {.2, .2, .2, .2, .2};
        double[] best = BestFixed.mixture(scenario, ROUNDS, 0, caps);
        return BestFixed.loss(scenario, ROUNDS, best) - BestFixed.loss(scenario, ROUNDS, equal);
    }
}
