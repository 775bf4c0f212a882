package io.sluice.core.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.policy.PolicyCatalog;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Policies in a world of formulas, through the whole controller. The bounds come from an
 * independent simulation of the same laws; each figure is the final mean loss less that of equal
 * shares.
 */
class SimulationTest {

    private static final int SEEDS = 4;
    private static final double SMALL_CHANGE = 1e-4;
    private static final PolicySpec STATIC = PolicySpec.of("static");
    private static final PolicySpec DGA = PolicySpec.of("dga");
    private static final PolicySpec SLOPE_EG = PolicySpec.of("slope-eg");

    @Test
    void whereNothingCanBeGainedLittleIsLost() {
        for (String name : PolicyCatalog.names()) {
            assertThat(gain(Scenario.IDENTICAL, PolicySpec.of(name))).as(name).isLessThan(.002);
        }
    }

    /** What the guard is for. */
    @Test
    void withoutItsGuardDynamixTakesNoiseForProgress() {
        PolicySpec plain = PolicySpec.of("dynamix", Map.of("guard", 0.0));

        assertThat(gain(Scenario.IDENTICAL, plain, free())).isGreaterThan(.01);
        assertThat(gain(Scenario.IDENTICAL, PolicySpec.of("dynamix"), free())).isLessThan(.001);
    }

    @Test
    void slopeEgLeavesTheGroupOfNoise() {
        assertThat(gain(Scenario.NOISE, SLOPE_EG)).isBetween(-.0274, -.012);
    }

    @Test
    void slopeEgFindsMostOfWhatTransferLeaves() {
        assertThat(gain(Scenario.TRANSFER, SLOPE_EG)).isBetween(-.0072, -.005);
    }

    @Test
    void gradientPoliciesLeaveTheGroupOfNoise() {
        for (String name : List.of("dga", "doge", "grape", "tikmix-d")) {
            assertThat(gain(Scenario.NOISE, PolicySpec.of(name))).as(name).isLessThan(-.005);
        }
    }

    /** Negative results that are part of the published laws. */
    @Test
    void rewardsOfLossPourTokensIntoNoise() {
        assertThat(gain(Scenario.NOISE, PolicySpec.of("odm"), free()))
                .isEqualTo(.1075, within(.0005));
        assertThat(gain(Scenario.TRANSFER, PolicySpec.of("odm"), free()))
                .isEqualTo(.0399, within(.0005));
        assertThat(gain(Scenario.NOISE, PolicySpec.of("odm-paper"), free()))
                .isEqualTo(.0077, within(.0005));
        assertThat(gain(Scenario.TRANSFER, PolicySpec.of("odm-paper"), free()))
                .isEqualTo(.0036, within(.0005));
    }

    @Test
    void aLowPriceOnRedundancyMovesTheMixtureAndKeepsMostOfTheGain() {
        PolicySpec priced = PolicySpec.of("tikmix-d", Map.of("redundancy", 1.0));
        PolicySpec plain = PolicySpec.of("tikmix-d");

        assertThat(gain(Scenario.IDENTICAL, priced)).isLessThan(.002);
        assertThat(gain(Scenario.NOISE, priced)).isLessThan(-.005);
        assertThat(gain(Scenario.TRANSFER, priced)).isNotEqualTo(gain(Scenario.TRANSFER, plain));
    }

    /** Noise shares nothing with anybody, so that a high price draws to it. */
    @Test
    void aHighPriceOnRedundancyOutweighsTheGain() {
        PolicySpec dear = PolicySpec.of("tikmix-d", Map.of("redundancy", 5.0));

        assertThat(gain(Scenario.NOISE, dear)).isGreaterThan(-.001);
    }

    @Test
    void influenceCannotBeSimulated() {
        Simulation simulation =
                Simulation.of(Scenario.NOISE, PolicySpec.of("dga", Map.of("fisher", 1.0)), 0);

        assertThatIllegalArgumentException()
                .isThrownBy(simulation::run)
                .withMessageContaining("fisher needs sketches");
    }

    @Test
    void aioliAsPublishedStaysNearEqualShares() {
        Map<String, Double> options = Map.of("eta", .5, "ema", .5, "rest", 30.0);

        assertThat(gain(Scenario.TRANSFER, PolicySpec.of("aioli", options), free()))
                .isBetween(-.002, .001);
    }

    /** Four epochs of the small groups: a hard cap costs more than repetition does. */
    @Test
    void capsHoldAndHaveTheirPrice() {
        double[] caps = {1, 1, 1, .2, .05};

        Simulation.Outcome outcome =
                Simulation.of(Scenario.LIMITED, SLOPE_EG, 1).withCaps(caps).run();

        for (Mixture mixture : outcome.mixtures()) {
            assertThat(mixture.weight(3)).isLessThanOrEqualTo(.2 * (1 + 1e-9));
            assertThat(mixture.weight(4)).isLessThanOrEqualTo(.05 * (1 + 1e-9));
        }
        double equal = Simulation.of(Scenario.LIMITED, STATIC, 1).run().meanLoss();
        assertThat(outcome.meanLoss() - equal).isBetween(.02, .03);
    }

    @Test
    void aLongDelayDoesNotMakeItSwing() {
        for (Scenario scenario : List.of(Scenario.NOISE, Scenario.TRANSFER)) {
            double prompt = gain(scenario, SLOPE_EG, simulation -> simulation.withDelay(0));
            double late = gain(scenario, SLOPE_EG, simulation -> simulation.withDelay(30));

            assertThat(late).isBetween(prompt - .0005, prompt * .8);
        }
    }

    @Test
    void aDelayDoesNotTurnUpdatesBack() {
        for (Scenario scenario : List.of(Scenario.NOISE, Scenario.TRANSFER)) {
            for (int delay : new int[] {0, 3, 30}) {
                String where = scenario.name() + ", delay " + delay;
                assertThat(turns(scenario, SLOPE_EG, late(delay))).as(where).isLessThan(.1);
                assertThat(turns(scenario, DGA, late(delay).andThen(exact())))
                        .as(where)
                        .isLessThan(.1);
            }
        }
    }

    /** What one round measures moves this policy by its noise: a delay makes that no worse. */
    @Test
    void aDelayAddsNoTurnsToThoseOfNoise() {
        for (Scenario scenario : List.of(Scenario.NOISE, Scenario.TRANSFER)) {
            double prompt = turns(scenario, DGA, late(0));

            assertThat(prompt).as(scenario.name()).isGreaterThan(.1);
            assertThat(turns(scenario, DGA, late(30))).as(scenario.name()).isLessThan(prompt + .02);
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        for (String name : PolicyCatalog.names()) {
            Simulation simulation = Simulation.of(Scenario.TRANSFER, PolicySpec.of(name), 7);
            assertThat(simulation.run().mixtures()).isEqualTo(simulation.run().mixtures());
        }
        assertThat(Simulation.of(Scenario.TRANSFER, SLOPE_EG, 7).run().mixtures())
                .isNotEqualTo(Simulation.of(Scenario.TRANSFER, SLOPE_EG, 8).run().mixtures());
    }

    /**
     * Share of a group's changes from round to round, but for small ones, that reverse the last.
     */
    private static double turns(
            Scenario scenario, PolicySpec policy, Function<Simulation, Simulation> settings) {
        int changes = 0;
        int turns = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            List<Mixture> mixtures =
                    settings.apply(Simulation.of(scenario, policy, seed)).run().mixtures();
            for (int j = 0; j < scenario.size(); j++) {
                double last = 0;
                for (int round = 1; round < mixtures.size(); round++) {
                    double change =
                            mixtures.get(round).weight(j) - mixtures.get(round - 1).weight(j);
                    if (Math.abs(change) > SMALL_CHANGE) {
                        changes++;
                        turns += last * change < 0 ? 1 : 0;
                        last = change;
                    }
                }
            }
        }
        assertThat(changes).isGreaterThan(100);
        return (double) turns / changes;
    }

    private static UnaryOperator<Simulation> late(int rounds) {
        return simulation -> simulation.withDelay(rounds);
    }

    private static UnaryOperator<Simulation> exact() {
        return simulation -> simulation.withGradientNoise(0);
    }

    private static UnaryOperator<Simulation> free() {
        return simulation -> simulation.withPriorPull(0);
    }

    private static double gain(Scenario scenario, PolicySpec policy) {
        return gain(scenario, policy, UnaryOperator.identity());
    }

    private static double gain(
            Scenario scenario, PolicySpec policy, UnaryOperator<Simulation> change) {
        double sum = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            double loss = change.apply(Simulation.of(scenario, policy, seed)).run().meanLoss();
            double equal = Simulation.of(scenario, STATIC, seed).run().meanLoss();
            sum += (loss - equal) / SEEDS;
        }
        return sum;
    }
}
