package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DgaPolicyTest extends MixingPolicyContract {

    private static final double ETA = 0.4;

    private final DgaPolicy policy = new DgaPolicy(ETA, 1);

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("dga");
    }

    @Test
    void movesTowardsTheAlignedGroup() {
        RunSpec spec = TestingRun.ofPriors(0.5, 0.5).target("t", 1).build();

        PolicyStep step = step(spec, new double[][] {{0.2, -0.1}}, 0);

        // Without noise, scores are cosines over their largest magnitude.
        assertThat(step.scores()).containsExactly(new double[] {1, -0.5}, within(1e-15));
        assertThat(step.scoreErrors()).containsExactly(0, 0);
        double ratio = Math.exp(ETA * 1.5);
        assertThat(LogWeights.softmax(step.logWeights()))
                .containsExactly(
                        new double[] {ratio / (1 + ratio), 1 / (1 + ratio)}, within(1e-15));
    }

    @Test
    void targetsCountByTheirWeights() {
        RunSpec spec = TestingRun.ofPriors(0.5, 0.5).target("t0", 0.75).target("t1", 0.25).build();

        PolicyStep step = step(spec, new double[][] {{0.2, -0.2}, {-0.01, 0.005}}, 0);

        assertThat(step.scores())
                .containsExactly(new double[] {0.75 - 0.25, -0.75 + 0.25 * 0.5}, within(1e-15));
    }

    @Test
    void averagesTheWeightsOnRequest() {
        RunSpec spec = TestingRun.ofPriors(0.5, 0.5).target("t", 1).build();
        double[][] cosines = {{0.2, -0.1}};
        double[] whole = LogWeights.softmax(step(spec, cosines, 0).logWeights());

        PolicyStep step =
                new DgaPolicy(ETA, 0.25)
                        .step(snapshot(spec, spec.prior(), cosines, 0), PolicyMemory.EMPTY);

        assertThat(LogWeights.softmax(step.logWeights())[0])
                .isEqualTo(0.75 * 0.5 + 0.25 * whole[0], within(1e-15));
    }

    /** Where noise sets the scale, a constant in a row moves all scores alike. */
    @Test
    void aConstantInARowDoesNotChangeTheMixture() {
        RunSpec spec = TestingRun.ofPriors(0.2, 0.3, 0.5).target("t", 1).build();
        double[] plain = {0.03, -0.04, 0.01};
        double[] shifted = Arrays.stream(plain).map(cosine -> cosine + 0.02).toArray();

        assertThat(LogWeights.softmax(step(spec, new double[][] {shifted}, 0.03).logWeights()))
                .containsExactly(
                        LogWeights.softmax(step(spec, new double[][] {plain}, 0.03).logWeights()),
                        within(1e-12));
    }

    @Test
    void permutingTheGroupsPermutesTheAnswer() {
        double[] priors = {0.1, 0.2, 0.3, 0.25, 0.15};
        double[] cosines = {0.3, -0.2, 0.1, 0.05, 0.4};
        PolicyStep plain =
                step(
                        TestingRun.ofPriors(priors).target("t", 1).build(),
                        new double[][] {cosines},
                        0.05);
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(order, new Random(i));
            PolicyStep permuted =
                    step(
                            TestingRun.ofPriors(permute(priors, order)).target("t", 1).build(),
                            new double[][] {permute(cosines, order)},
                            0.05);
            assertThat(permuted.logWeights())
                    .containsExactly(permute(plain.logWeights(), order), within(1e-13));
            assertThat(permuted.scores())
                    .containsExactly(permute(plain.scores(), order), within(1e-13));
        }
    }

    @Test
    void aGroupAtItsCapDoesNotSetTheScale() {
        RunSpec spec =
                TestingRun.run()
                        .group("capped", 0.2, 0, 0.4)
                        .group("good", 0.4, 0, 1)
                        .group("poor", 0.4, 0, 1)
                        .target("t", 1)
                        .build();
        double[][] cosines = {{0.9, 0.1, -0.1}};
        Mixture atCap = Mixture.of(spec.groupIds(), new double[] {0.4, 0.3, 0.3});

        double[] free =
                policy.step(snapshot(spec, spec.prior(), cosines, 0), PolicyMemory.EMPTY).scores();
        double[] capped =
                policy.step(snapshot(spec, atCap, cosines, 0), PolicyMemory.EMPTY).scores();

        assertThat(free).containsExactly(new double[] {1, 1 / 9.0, -1 / 9.0}, within(1e-15));
        assertThat(capped).containsExactly(new double[] {9, 1, -1}, within(1e-14));
    }

    @Test
    void noiseShrinksTheDifferences() {
        RunSpec spec = TestingRun.ofPriors(0.25, 0.25, 0.25, 0.25).target("t", 1).build();
        double[][] cosines = {{0.6, 0.4, 0.2, 0}};
        double last = Double.POSITIVE_INFINITY;
        for (double error : new double[] {0, 0.05, 0.1, 0.2}) {
            double[] scores = step(spec, cosines, error).scores();
            double range = scores[0] - scores[3];
            assertThat(range).isLessThan(last);
            last = range;
        }
        // Nothing but noise: every group has the mean, over three errors.
        assertThat(step(spec, cosines, 0.5).scores())
                .containsExactly(new double[] {0.2, 0.2, 0.2, 0.2}, within(1e-15));
    }

    @Test
    void shrinksByTheShareOfTheSignal() {
        double[] row = {0.3, 0.1, -0.1, -0.3};
        double[] errors = {0.1, 0.1, 0.1, 0.1};
        double total = (0.09 + 0.01 + 0.01 + 0.09) / 3;
        double share = (total - 0.01) / total;

        assertThat(AlignmentScores.shrink(row, errors, new boolean[] {true, true, true, true}))
                .containsExactly(
                        Arrays.stream(row).map(cosine -> share * cosine).toArray(), within(1e-15));
    }

    @Test
    void aGroupNeverMeasuredSitsAtTheMean() {
        assertThat(
                        AlignmentScores.shrink(
                                new double[] {0.4, 0.2, 0},
                                new double[3],
                                new boolean[] {true, true, false}))
                .containsExactly(new double[] {0.4, 0.2, 0.3}, within(1e-15));
        assertThat(AlignmentScores.shrink(new double[2], new double[2], new boolean[2]))
                .containsExactly(0, 0);
    }

    @Test
    void refusesOptionsOutOfRange() {
        for (double eta : new double[] {0, -1, Double.NaN, 101}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new DgaPolicy(eta, 1));
        }
        for (double weightEma : new double[] {0, 1.1, Double.NaN}) {
            assertThatIllegalArgumentException().isThrownBy(() -> new DgaPolicy(1, weightEma));
        }
    }

    private PolicyStep step(RunSpec spec, double[][] cosines, double error) {
        return policy.step(snapshot(spec, spec.prior(), cosines, error), PolicyMemory.EMPTY);
    }

    private static RoundSnapshot snapshot(
            RunSpec spec, Mixture inForce, double[][] cosines, double error) {
        return TestingSnapshot.of(spec).inForce(inForce.weights()).cosines(error, cosines).build();
    }

    private static double[] permute(double[] values, List<Integer> order) {
        return order.stream().mapToDouble(j -> values[j]).toArray();
    }
}
