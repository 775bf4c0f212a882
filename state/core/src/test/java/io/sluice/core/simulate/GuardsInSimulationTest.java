package io.sluice.core.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Guards that need many rounds, through the whole controller. */
class GuardsInSimulationTest {

    private static final int SEEDS = 4;
    private static final int WARM_UP = 30;

    /** A policy that pours tokens into noise, which the governor sees as less progress. */
    @Test
    void theGovernorTakesBackMuchOfWhatABadPolicyCosts() {
        double watched = 0;
        double alone = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Simulation run =
                    Simulation.of(Scenario.NOISE, PolicySpec.of("odm"), seed).withPriorPull(0);
            Simulation.Outcome outcome = run.withWarmUp(WARM_UP).run();
            assertThat(labels(outcome)).containsKeys(Plan.Label.POLICY, Plan.Label.GOVERNOR);
            watched += outcome.meanLoss() / SEEDS;
            alone += run.run().meanLoss() / SEEDS;
        }
        double equal = BestFixed.loss(Scenario.NOISE, 400, new double[] {.2, .2, .2, .2, .2});
        assertThat(watched - equal).isBetween(0.0, .7 * (alone - equal));
    }

    @Test
    void afterAReturnThePolicySteersAgain() {
        Simulation.Outcome outcome =
                Simulation.of(Scenario.NOISE, PolicySpec.of("odm"), 1)
                        .withPriorPull(0)
                        .withWarmUp(WARM_UP)
                        .run();

        boolean returned = false;
        boolean again = false;
        for (Plan plan : outcome.plans()) {
            again |= returned && plan.label() == Plan.Label.POLICY;
            returned |= plan.label() == Plan.Label.GOVERNOR;
        }
        assertThat(again).isTrue();
    }

    /** Sixteen epochs of a group that a schedule asks for again and again. */
    @Test
    void aSmallGroupIsStoppedAtItsEpochs() {
        PolicySpec schedule =
                PolicySpec.of(
                        "schedule",
                        Map.of(
                                "0:group-0", .1,
                                "0:group-1", .1,
                                "0:group-2", .1,
                                "0:group-3", .1,
                                "0:group-4", .6));

        Simulation.Outcome outcome =
                Simulation.of(Scenario.LIMITED, schedule, 0).withPriorPull(0).run();

        double unique = Scenario.LIMITED.unique()[4];
        assertThat(outcome.tokens()[4] / unique).isBetween(15.5, 16.2);
    }

    /** Where there is nothing to gain but by not repeating, the discount leaves small groups. */
    @Test
    void groupsThatRepeatAreDrawnLessThanThoseThatDoNot() {
        Simulation.Outcome outcome =
                Simulation.of(Scenario.LIMITED, PolicySpec.of("slope-eg"), 1).run();
        Mixture last = outcome.mixtures().get(399);

        assertThat(last.weight(4)).isLessThan(last.weight(0));
        assertThat(outcome.meanLoss())
                .isLessThan(
                        BestFixed.loss(Scenario.LIMITED, 400, new double[] {.2, .2, .2, .2, .2})
                                + .0005);
    }

    /** As many probes a cycle as there are groups and sweeps, each drawn more than its prior. */
    @Test
    void probesArePublishedMeasuredAndReturnedFrom() {
        PolicySpec aioli = PolicySpec.of("aioli", Map.of("sweeps", 2.0, "rest", 30.0));

        Simulation.Outcome outcome = Simulation.of(Scenario.TRANSFER, aioli, 0).run();

        Map<Plan.Label, Long> labels = labels(outcome);
        long cycles = 400 / 40;
        assertThat(labels.get(Plan.Label.PROBE)).isBetween(9 * cycles, 10 * cycles);
        for (int j = 0; j < 5; j++) {
            int group = j;
            assertThat(
                            outcome.plans().stream()
                                    .filter(plan -> plan.label() == Plan.Label.PROBE)
                                    .anyMatch(plan -> plan.mixture().weight(group) > .49))
                    .isTrue();
        }
        Plan lastPolicy =
                outcome.plans().stream()
                        .filter(plan -> plan.label() == Plan.Label.POLICY)
                        .reduce((a, b) -> b)
                        .orElseThrow();
        assertThat(lastPolicy.mixture().weight(0)).isBetween(.15, .3);
    }

    private static Map<Plan.Label, Long> labels(Simulation.Outcome outcome) {
        return outcome.plans().stream()
                .collect(Collectors.groupingBy(Plan::label, Collectors.counting()));
    }
}
