package io.sluice.core.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.policy.PolicyCatalog;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups that come and leave in a simulated run. */
class ChurnTest {

    private static final int COMES = 100;
    private static final int LEAVES = 250;

    /** Rounds from a word to the first that is trained by it. */
    private static final int DELAY = 4;

    @Test
    void mixturesAndFloorsHoldWhileGroupsComeAndLeave() {
        for (String name : PolicyCatalog.names()) {
            Simulation simulation = Simulation.of(Scenario.CHURN, PolicySpec.of(name), 2);
            List<Mixture> mixtures = simulation.run().mixtures();
            for (int round = 0; round < mixtures.size(); round++) {
                double[] weights = mixtures.get(round).weights();
                assertThat(Arrays.stream(weights).sum()).as(name).isEqualTo(1, within(1e-12));
                for (int j = 0; j < weights.length; j++) {
                    if (isThere(j, round)) {
                        assertThat(weights[j])
                                .as("%s, group %d in round %d", name, j, round)
                                .isGreaterThanOrEqualTo(simulation.floor() * (1 - 1e-9));
                    } else {
                        assertThat(weights[j]).as("%s, round %d", name, round).isZero();
                    }
                }
            }
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        for (String name : List.of("slope-eg", "dga", "tikmix-d", "aioli")) {
            Simulation simulation = Simulation.of(Scenario.CHURN, PolicySpec.of(name), 5);
            Simulation.Outcome outcome = simulation.run();

            assertThat(simulation.run().mixtures()).isEqualTo(outcome.mixtures());
            assertThat(simulation.run().losses()).containsExactly(outcome.losses());
        }
    }

    @Test
    void aGroupThatComesBeginsWithItsPriorShare() {
        Simulation.Outcome outcome =
                Simulation.of(Scenario.CHURN, PolicySpec.of("slope-eg"), 1).run();

        assertThat(outcome.mixtures().get(COMES + DELAY).weight(3)).isBetween(.15, .25);
        assertThat(outcome.plans()).extracting(Plan::label).contains(Plan.Label.GROUPS);
    }

    @Test
    void policiesGainWhatThereIsToGainAllTheSame() {
        double equal = BestFixed.loss(Scenario.CHURN, 400, new double[] {.2, .2, .2, .2, .2});
        double[] caps = {1, 1, 1, 1, 1};
        double best =
                BestFixed.loss(
                        Scenario.CHURN, 400, BestFixed.mixture(Scenario.CHURN, 400, .004, caps));
        double slopes =
                Simulation.of(Scenario.CHURN, PolicySpec.of("slope-eg"), 1).run().meanLoss();

        assertThat(best).isLessThan(equal - .005);
        assertThat(slopes).isLessThan(equal - .003);
    }

    private static boolean isThere(int group, int round) {
        return switch (group) {
            case 1 -> round < LEAVES + DELAY;
            case 3 -> round >= COMES + DELAY;
            default -> true;
        };
    }
}
