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

class SchedulePolicyTest extends MixingPolicyContract {

    /** Rounds of 10 steps, and plans that take effect 2 after a round's last. */
    private static final long LEAD = 2;

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("schedule", Map.of("temperature", 2.0));
    }

    @Test
    void eachStageHoldsUntilTheNext() {
        RunSpec spec =
                run(Map.of("100:g000", 3.0, "100:g001", 1.0, "200:g000", 0.0, "200:g001", 5.0));

        assertThat(at(spec, 0)).containsExactly(new double[] {.2, .8}, within(1e-15));
        assertThat(at(spec, 8)).containsExactly(new double[] {.2, .8}, within(1e-15));
        // Round 9 ends with step 99: its plan begins with step 101.
        assertThat(at(spec, 9)).containsExactly(new double[] {.75, .25}, within(1e-15));
        assertThat(at(spec, 18)).containsExactly(new double[] {.75, .25}, within(1e-15));
        assertThat(at(spec, 19)).containsExactly(new double[] {0, 1}, within(1e-15));
        assertThat(at(spec, 1000)).containsExactly(new double[] {0, 1}, within(1e-15));
    }

    @Test
    void aLinearScheduleGoesFromStageToStage() {
        RunSpec spec =
                run(
                        Map.of(
                                "101:g000",
                                .75,
                                "101:g001",
                                .25,
                                "201:g000",
                                .25,
                                "201:g001",
                                .75,
                                "linear",
                                1.0));

        assertThat(at(spec, 9)).containsExactly(new double[] {.75, .25}, within(1e-15));
        assertThat(at(spec, 14)).containsExactly(new double[] {.5, .5}, within(1e-15));
        assertThat(at(spec, 19)).containsExactly(new double[] {.25, .75}, within(1e-15));
    }

    @Test
    void temperatureFlattens() {
        assertThat(at(run(Map.of("temperature", 2.0)), 0))
                .containsExactly(
                        new double[] {
                            Math.sqrt(.2) / (Math.sqrt(.2) + Math.sqrt(.8)),
                            Math.sqrt(.8) / (Math.sqrt(.2) + Math.sqrt(.8))
                        },
                        within(1e-15));
    }

    @Test
    void refusesStagesThatAreNotWhole() {
        assertRefused(
                Map.of("100:g000", 1.0),
                "the stage of step 100 leaves out [g001]: give every group a weight, 0 for none");
        assertRefused(
                Map.of("100:g000", 0.0, "100:g001", 0.0),
                "step 100 sum to 0.0: give a group a weight above 0");
        assertRefused(
                Map.of("100:nobody", 1.0),
                "names a group that the run lacks: name one of its groups");
        assertRefused(Map.of("soon:g000", 1.0), "does not begin with a step: write STEP:GROUP");
        assertRefused(Map.of("100:g000", -1.0), "100:g000 -1.0 is not in");
        assertRefused(Map.of("temperature", 0.0), "temperature 0.0 is not in");
        assertRefused(
                Map.of("linear", 0.5), "linear 0.5 is not whole: write a whole number from 0 to 1");
    }

    private static double[] at(RunSpec spec, long round) {
        assertThat(spec.rounds().leadSteps()).isEqualTo((int) LEAD);
        return LogWeights.softmax(
                PolicyCatalog.create(spec)
                        .step(TestingSnapshot.of(spec).round(round).build(), PolicyMemory.EMPTY)
                        .logWeights());
    }

    private static RunSpec run(Map<String, Double> options) {
        return TestingRun.ofPriors(.2, .8).policy(PolicySpec.of("schedule", options)).build();
    }

    private static void assertRefused(Map<String, Double> options, String message) {
        RunSpec spec = run(options);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(spec))
                .withMessageContaining(message);
    }
}
