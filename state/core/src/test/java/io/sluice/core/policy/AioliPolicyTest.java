package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.testing.RandomBox;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class AioliPolicyTest extends MixingPolicyContract {

    /** Weights of three targets. */
    private static final double[] EQUAL = {1.0 / 3, 1.0 / 3, 1.0 / 3};

    private static final double PRINTED = 5e-9;
    private static final double[][] DROPS = {
        {.060, .020, .025}, {.015, .050, .018}, {.022, .016, .070}
    };
    private static final double[] FOUND = {
        .135, -.025, -.005, -.023, .117, -.011, -.02, -.044, .172
    };

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("aioli", Map.of("rest", 5.0));
    }

    /** Probes are drawn in an order of their own. */
    @Override
    boolean treatsGroupsAlike() {
        return false;
    }

    @Test
    void solvesForTheInteractionsOfItsVector() {
        double[] shares = new double[9];
        double[] drops = new double[9];
        for (int probe = 0; probe < 3; probe++) {
            double[] x = {.25, .25, .25};
            x[probe] = .5;
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 3; k++) {
                    shares[j * 3 + k] += x[j] * x[k];
                    drops[k * 3 + j] += DROPS[k][probe] * x[j];
                }
            }
        }

        // The ridge moves them by less than this.
        assertThat(AioliPolicy.interactions(shares, drops, 3, 3))
                .containsExactly(FOUND, within(1e-5));
    }

    @Test
    void stepsAsItsVectorSays() {
        double[] normal = AioliPolicy.normalise(FOUND);
        double[] sums = new double[3];
        for (int k = 0; k < 9; k++) {
            sums[k % 3] += normal[k];
        }
        assertClose(sums, .32369942, .26011561, .41618497);

        assertClose(weights(.1, false, normal), .33300552, .33089486, .33609962);
        assertClose(weights(.2, false, normal), .33266435, .32846072, .33887494);
        assertClose(weights(.5, false, normal), .33156094, .32118578, .34725327);
        assertClose(weights(1, false, normal), .32945751, .30916144, .36138105);
    }

    @Test
    void accumulatesOnTheWeightsBeforeOnRequest() {
        double[] normal = AioliPolicy.normalise(FOUND);
        double[] before = {.7, .2, .1};
        double[] logits = new double[3];
        double[] sums = {.32369942, .26011561, .41618497};
        for (int j = 0; j < 3; j++) {
            logits[j] = Math.log(before[j]) + .5 * sums[j];
        }

        assertThat(aioli(.5, true).weights(EQUAL, normal, before))
                .containsExactly(LogWeights.softmax(logits), within(1e-8));
    }

    /** Groups are also the targets here, and are renamed as both. */
    @Test
    void permutingTheGroupsPermutesWhatIsMadeOfTheirMeasurements() {
        int[] order = {2, 0, 1};
        Random random = new Random(5);
        double[] shares = new double[9];
        double[] drops = new double[9];
        for (int round = 0; round < 20; round++) {
            double[] x = RandomBox.simplex(random, 3);
            for (int j = 0; j < 3; j++) {
                for (int k = 0; k < 3; k++) {
                    shares[j * 3 + k] += x[j] * x[k];
                    drops[k * 3 + j] += x[j] * random.nextGaussian();
                }
            }
        }
        double[] before = {.7, .2, .1};
        double[] targets = {.5, .2, .3};

        double[] found = AioliPolicy.interactions(shares, drops, 3, 3);
        double[] permuted =
                AioliPolicy.interactions(square(shares, order), square(drops, order), 3, 3);

        assertThat(permuted).containsExactly(square(found, order), within(1e-9));
        assertThat(AioliPolicy.normalise(permuted))
                .containsExactly(square(AioliPolicy.normalise(found), order), within(1e-12));
        for (boolean accumulate : new boolean[] {false, true}) {
            AioliPolicy policy = aioli(.5, accumulate);
            assertThat(policy.weights(line(targets, order), permuted, line(before, order)))
                    .containsExactly(
                            line(policy.weights(targets, found, before), order), within(1e-9));
        }
    }

    private static double[] line(double[] values, int[] order) {
        return Arrays.stream(order).mapToDouble(j -> values[j]).toArray();
    }

    /** Rows and columns of a matrix of three. */
    private static double[] square(double[] values, int[] order) {
        double[] permuted = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                permuted[i * 3 + j] = values[order[i] * 3 + order[j]];
            }
        }
        return permuted;
    }

    @Test
    void everySweepProbesEveryGroupOnce() {
        RunSpec spec = run();
        MixingPolicy policy = aioli(.2, false);
        PolicyMemory memory = PolicyMemory.EMPTY;
        for (int sweep = 0; sweep < 2; sweep++) {
            TreeSet<Integer> probed = new TreeSet<>();
            for (int round = 0; round < 3; round++) {
                PolicyStep step =
                        policy.step(TestingSnapshot.of(spec).targetLosses(3, 2, 1).build(), memory);
                memory = step.memory();
                double[] weights = LogWeights.softmax(step.logWeights());
                for (int j = 0; j < 3; j++) {
                    if (weights[j] > .49) {
                        probed.add(j);
                    }
                }
            }
            assertThat(probed).containsExactly(0, 1, 2);
        }
    }

    @Test
    void saysWhichLossIsMissingAndCountsNoProbe() {
        MixingPolicy policy = aioli(.2, false);
        RoundSnapshot none = TestingSnapshot.of(run()).inForce(.2, .3, .5).build();
        RoundSnapshot all =
                TestingSnapshot.of(run()).inForce(.2, .3, .5).targetLosses(3, 2, 1).build();
        PolicyStep first = policy.step(all, PolicyMemory.EMPTY);

        PolicyStep step = policy.step(none, first.memory());

        assertThat(step.missing()).contains(new TargetId("t0"));
        assertThat(LogWeights.softmax(step.logWeights()))
                .containsExactly(new double[] {.2, .3, .5}, within(1e-15));
        assertThat(step.memory().number("rounds")).isEqualTo(1);
        PolicyStep after = policy.step(all, step.memory());
        assertThat(after.missing()).isEmpty();
        assertThat(after.memory().number("rounds")).isEqualTo(1);
        assertThat(policy.step(all, after.memory()).memory().number("rounds")).isEqualTo(2);
    }

    /** A world that obeys the linear law: obeyed probes find its interactions. */
    @Test
    void findsTheGroupThatHelps() {
        RunSpec spec = run();
        MixingPolicy policy = aioli(5, false);
        double[] loss = {10, 10, 10};
        double[] inForce = spec.prior().weights();
        PolicyMemory memory = PolicyMemory.EMPTY;
        for (int round = 0; round < 60; round++) {
            long[] tokens = new long[3];
            for (int j = 0; j < 3; j++) {
                tokens[j] = Math.round(1e9 * inForce[j]);
                for (int i = 0; i < 3; i++) {
                    loss[i] -= 0.01 * FOUND[i * 3 + j] * inForce[j];
                }
            }
            PolicyStep step =
                    policy.step(
                            TestingSnapshot.of(spec)
                                    .round(round)
                                    .inForce(inForce)
                                    .groupLosses(tokens, 1, 1, 1)
                                    .targetLosses(loss.clone())
                                    .build(),
                            memory);
            memory = step.memory();
            inForce = LogWeights.softmax(step.logWeights());
        }

        double[] sums = {.32369942, .26011561, .41618497};
        assertThat(inForce)
                .containsExactly(
                        LogWeights.softmax(Arrays.stream(sums).map(sum -> 5 * sum).toArray()),
                        within(1e-4));
    }

    /** Two groups: first one helps alone, then the other; half of the first finding stays. */
    @Test
    void whatItFoundBeforeStaysInTheAverage() {
        RunSpec spec =
                TestingRun.ofPriors(.5, .5)
                        .target("t", 1)
                        .policy(
                                PolicySpec.of(
                                        "aioli", Map.of("ema", .5, "sweeps", 1.0, "rest", 3.0)))
                        .build();
        MixingPolicy policy = PolicyCatalog.create(spec);
        double[] inForce = {.5, .5};
        double loss = 10;
        PolicyMemory memory = PolicyMemory.EMPTY;
        double[] found = new double[10];
        for (int round = 0; round < 10; round++) {
            // The first cycle's probes are seen by round 3, the second's by round 8.
            loss -= .1 * inForce[round < 4 ? 0 : 1];
            PolicyStep step =
                    policy.step(
                            TestingSnapshot.of(spec)
                                    .round(round)
                                    .inForce(inForce)
                                    .groupLosses(
                                            new long[] {
                                                Math.round(1e9 * inForce[0]),
                                                Math.round(1e9 * inForce[1])
                                            },
                                            1,
                                            1)
                                    .targetLosses(loss)
                                    .build(),
                            memory);
            memory = step.memory();
            found[round] = step.scores()[0];
            inForce = LogWeights.softmax(step.logWeights());
            inForce = new double[] {inForce[0] + .1 * (round % 2), inForce[1] - .1 * (round % 2)};
        }

        assertThat(found[3]).isEqualTo(1, within(1e-4));
        assertThat(found[8]).isEqualTo(.5, within(1e-4));
    }

    @Test
    void refusesMoreGroupsThanItCanProbe() {
        double[] priors = new double[65];
        Arrays.fill(priors, 1.0 / 65);
        RunSpec spec =
                TestingRun.ofPriors(priors).target("t", 1).policy(PolicySpec.of("aioli")).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PolicyCatalog.create(spec))
                .withMessageContaining("merge groups to at most 64");
    }

    private static double[] weights(double eta, boolean accumulate, double[] normal) {
        return aioli(eta, accumulate).weights(EQUAL, normal, new double[] {.7, .2, .1});
    }

    private static RunSpec run() {
        double third = 1.0 / 3;
        return TestingRun.ofPriors(third, third, third)
                .target("t0", third)
                .target("t1", third)
                .target("t2", third)
                .build();
    }

    private static AioliPolicy aioli(double eta, boolean accumulate) {
        return new AioliPolicy(
                new Options(
                        PolicySpec.of(
                                "aioli",
                                Map.of("eta", eta, "accumulate", accumulate ? 1.0 : 0.0))));
    }

    private static void assertClose(double[] actual, double... expected) {
        assertThat(actual).containsExactly(expected, within(PRINTED));
    }
}
