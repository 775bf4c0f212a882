package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Policies that nothing holds back, for longer than any run: what they propose is in force in the
 * next round, so that the mixtures of those that step go to a corner and stay there.
 */
class MillionUpdatesTest {

    private static final int MILLION = 1_000_000;

    /** Policies that fit or solve something, which takes longer than a closed form. */
    private static final int FEWER = 20_000;

    private static final int SIGNALS = 64;
    private static final int REPORT = 1000;

    static Stream<PolicySpec> closedForms() {
        return Stream.of(
                PolicySpec.of("static"),
                PolicySpec.of("schedule"),
                PolicySpec.of("dga"),
                PolicySpec.of("dga", Map.of("weight-ema", .1)),
                PolicySpec.of("doge"),
                PolicySpec.of("grape"),
                PolicySpec.of("odm"),
                PolicySpec.of("odm-paper"),
                PolicySpec.of("odm-floored"),
                PolicySpec.of("dynamix"),
                PolicySpec.of("dynamix", Map.of("guard", 0.0)),
                PolicySpec.of("aioli"),
                PolicySpec.of("aioli", Map.of("accumulate", 1.0)));
    }

    static Stream<PolicySpec> fitted() {
        return Stream.of(PolicySpec.of("slope-eg"), PolicySpec.of("tikmix-d"));
    }

    @ParameterizedTest
    @MethodSource("closedForms")
    void staysFiniteForAMillionUpdates(PolicySpec policy) {
        run(policy, MILLION);
    }

    @ParameterizedTest
    @MethodSource("fitted")
    void staysFiniteForManyUpdates(PolicySpec policy) {
        run(policy, FEWER);
    }

    private static void run(PolicySpec asked, int updates) {
        RunSpec spec =
                TestingRun.ofPriors(.5, .3, .2)
                        .target("t", .25)
                        .target("u", .75)
                        .policy(asked)
                        .build();
        MixingPolicy policy = PolicyCatalog.create(spec);
        List<RoundSnapshot> signals = signals(spec);
        PolicyMemory memory = PolicyMemory.EMPTY;
        double[] inForce = spec.prior().weights();
        int early = 0;
        for (int round = 0; round < updates; round++) {
            RoundSnapshot signal = signals.get(round % SIGNALS);
            PolicyStep step =
                    policy.step(
                            new RoundSnapshot(
                                    spec,
                                    round,
                                    spec.rounds().lastStep(round),
                                    Mixture.normalised(spec.groupIds(), inForce),
                                    signal.alignments(),
                                    signal.losses()),
                            memory);
            memory = step.memory();
            inForce = LogWeights.softmax(step.logWeights());
            double sum = 0;
            for (double weight : inForce) {
                sum += weight;
            }
            if (!(Math.abs(sum - 1) <= Mixture.SUM_TOLERANCE)) {
                throw new AssertionError("the weights of round " + round + " sum to " + sum);
            }
            if (round % REPORT == REPORT - 1) {
                early = early == 0 ? size(memory) : early;
                assertFinite(memory);
            }
        }
        assertThat(size(memory)).isEqualTo(early);
    }

    private static void assertFinite(PolicyMemory memory) {
        for (double[] vector : memory.vectors().values()) {
            for (double value : vector) {
                assertThat(value).isFinite();
            }
        }
    }

    /** Numbers that a memory holds. */
    private static int size(PolicyMemory memory) {
        return memory.vectors().values().stream().mapToInt(vector -> vector.length).sum();
    }

    /** Rounds that repeat: groups differ for good, with noise. */
    private static List<RoundSnapshot> signals(RunSpec spec) {
        Random random = new Random(13);
        List<RoundSnapshot> signals = new ArrayList<>();
        for (int k = 0; k < SIGNALS; k++) {
            double[][] cosines = new double[2][3];
            double[] losses = new double[3];
            for (int j = 0; j < 3; j++) {
                losses[j] = 1 + j + .1 * random.nextGaussian();
                for (double[] row : cosines) {
                    row[j] = Math.tanh(.2 * j - .1 + .1 * random.nextGaussian());
                }
            }
            signals.add(
                    TestingSnapshot.of(spec)
                            .cosines(.05, cosines)
                            .groupLosses(losses)
                            .targetLosses(
                                    2 + .1 * random.nextGaussian(), 3 + .1 * random.nextGaussian())
                            .build());
        }
        return signals;
    }
}
