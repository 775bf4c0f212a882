package io.sluice.core.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.solver.MixtureProgram;
import io.sluice.core.solver.MixtureSolver;
import io.sluice.core.solver.SolverResult;
import io.sluice.core.testing.TestingRun;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TikmixDPolicyTest extends MixingPolicyContract {

    /** Balance and rows between targets may ask for more of a group that helps less. */
    @Override
    boolean isMonotonousInWorth() {
        return false;
    }

    @Override
    PolicySpec policy(int m) {
        return PolicySpec.of("tikmix-d");
    }

    /** One target has no spread, and every step from the prior towards it helps it. */
    @Test
    void withOneTargetTheAnswerIsASoftmax() {
        RunSpec spec = run(Map.of("reference", 1.0, "gamma", .5)).target("t", 1).build();

        double[] weights = solution(spec, new double[] {.2, -.1, .05});

        assertThat(weights)
                .containsExactly(
                        LogWeights.softmax(
                                new double[] {
                                    Math.log(.5) + 1 / .5,
                                    Math.log(.3) - .5 / .5,
                                    Math.log(.2) + .25 / .5
                                }),
                        within(1e-6));
    }

    @Test
    void thePapersEntropyBeginsFromEqualShares() {
        RunSpec spec = run(Map.of("reference", 0.0)).target("t", 1).build();

        assertThat(solution(spec, new double[] {.2, -.1, .05}))
                .containsExactly(LogWeights.softmax(new double[] {1, -.5, .25}), within(1e-6));
    }

    @Test
    void noTargetLosesByTheChange() {
        Random random = new Random(6);
        for (int k = 0; k < 50; k++) {
            RunSpec spec =
                    run(Map.of("slack", 0.0, "gamma", .1))
                            .target("t0", .9)
                            .target("t1", .1)
                            .build();
            double[][] rows = new double[2][3];
            for (double[] row : rows) {
                for (int j = 0; j < 3; j++) {
                    row[j] = Math.tanh(random.nextGaussian());
                }
            }
            double[] weights = solution(spec, rows);
            for (double[] row : rows) {
                double change = 0;
                for (int j = 0; j < 3; j++) {
                    change += row[j] * (weights[j] - spec.prior().weight(j));
                }
                assertThat(change).isGreaterThanOrEqualTo(-1e-8);
            }
        }
    }

    /** The published scale divides by the largest entry, which reverses a row of negatives. */
    @Test
    void aRowOfHarmsKeepsItsOrder() {
        RunSpec spec = run(Map.of()).target("t", 1).build();

        double[] weights = solution(spec, new double[] {-.5, -.1, -.3});

        assertThat(weights[0] / .5).isLessThan(weights[2] / .2);
        assertThat(weights[2] / .2).isLessThan(weights[1] / .3);
    }

    @Test
    void theSolutionStandsUntilTheNext() {
        RunSpec spec = run(Map.of("every", 3.0)).target("t", 1).build();
        MixingPolicy policy = PolicyCatalog.create(spec);
        double[][] rounds = {{1, 0, 0}, {0, 1, 0}, {0, 1, 0}, {0, 1, 0}, {1, 0, 0}};
        PolicyMemory memory = PolicyMemory.EMPTY;
        double[] first = new double[rounds.length];
        for (int round = 0; round < rounds.length; round++) {
            PolicyStep step =
                    policy.step(TestingSnapshot.of(spec).cosines(0, rounds[round]).build(), memory);
            memory = step.memory();
            first[round] = LogWeights.softmax(step.logWeights())[0];
        }

        assertThat(first[1]).isEqualTo(first[0], within(1e-12));
        assertThat(first[2]).isEqualTo(first[0], within(1e-12));
        assertThat(first[3]).isLessThan(first[0]);
        assertThat(first[4]).isEqualTo(first[3], within(1e-12));
    }

    @Test
    void itsProgramIsThePapers() {
        RunSpec spec =
                TestingRun.run()
                        .group("a", .5, .1, .9)
                        .group("b", .5, .2, .8)
                        .target("t0", .25)
                        .target("t1", .75)
                        .policy(
                                PolicySpec.of(
                                        "tikmix-d",
                                        Map.of(
                                                "alpha", 2.0, "beta", 3.0, "gamma", 5.0, "slack",
                                                1.0)))
                        .build();
        TikmixDPolicy policy = (TikmixDPolicy) PolicyCatalog.create(spec);
        RoundSnapshot snapshot =
                TestingSnapshot.of(spec)
                        .inForce(.6, .4)
                        .cosines(0, new double[] {.4, -.2}, new double[] {-.1, .1})
                        .build();
        AlignmentScores scores =
                new AlignmentScores(
                        AlignmentScores.of(snapshot).rows(), new double[][] {{.1, .2}, {0, 0}});

        MixtureProgram program = policy.program(snapshot, scores);

        assertThat(program.balanced()[0]).containsExactly(new double[] {1, -.5}, within(1e-15));
        assertThat(program.balanced()[1]).containsExactly(new double[] {-1, 1}, within(1e-15));
        assertThat(program.balance()).isEqualTo(2);
        assertThat(program.strength()).isEqualTo(5);
        assertThat(program.gain())
                .containsExactly(
                        new double[] {3 * 2 * (.25 - .75), 3 * 2 * (-.125 + .75)}, within(1e-14));
        assertThat(program.required()).isEqualTo(program.balanced());
        // One standard error below what the mixture in force gives.
        assertThat(program.bounds())
                .containsExactly(
                        new double[] {.6 - .2 - Math.hypot(.06, .08), -.6 + .4}, within(1e-15));
        assertThat(program.reference()).containsExactly(.5, .5);
        assertThat(program.floors()).containsExactly(.1, .2);
        assertThat(program.caps()).containsExactly(.9, .8);
    }

    /** What all groups achieve alike for all targets is no reason to choose. */
    @Test
    void aConstantAddedToAllScoresChangesNothing() {
        Random random = new Random(11);
        for (int k = 0; k < 20; k++) {
            RunSpec spec = run(Map.of("gamma", .2)).target("t0", .7).target("t1", .3).build();
            TikmixDPolicy policy = (TikmixDPolicy) PolicyCatalog.create(spec);
            RoundSnapshot snapshot = TestingSnapshot.of(spec).build();
            double shift = 2 * random.nextDouble() - 1;
            double[][] plain = new double[2][3];
            double[][] shifted = new double[2][3];
            for (int i = 0; i < 2; i++) {
                for (int j = 0; j < 3; j++) {
                    plain[i][j] = Math.tanh(random.nextGaussian());
                    shifted[i][j] = plain[i][j] + shift;
                }
            }
            double[][] errors = {{.1, .1, .1}, {.2, .1, 0}};

            assertThat(solved(policy.program(snapshot, new AlignmentScores(shifted, errors))))
                    .containsExactly(
                            solved(policy.program(snapshot, new AlignmentScores(plain, errors))),
                            within(1e-6));
        }
    }

    private static double[] solved(MixtureProgram program) {
        return ((SolverResult.Solved) MixtureSolver.solve(program)).weights();
    }

    @Test
    void itsProgramIsCertified() {
        RunSpec spec = run(Map.of()).target("t0", .5).target("t1", .5).build();
        TikmixDPolicy policy = (TikmixDPolicy) PolicyCatalog.create(spec);
        RoundSnapshot snapshot =
                TestingSnapshot.of(spec)
                        .cosines(.01, new double[] {.3, -.2, .1}, new double[] {-.1, .3, .2})
                        .build();

        SolverResult result =
                MixtureSolver.solve(policy.program(snapshot, AlignmentScores.of(snapshot)));

        assertThat(result).isInstanceOf(SolverResult.Solved.class);
        assertThat(((SolverResult.Solved) result).relativeGap()).isLessThanOrEqualTo(1e-8);
    }

    private static double[] solution(RunSpec spec, double[]... rows) {
        return LogWeights.softmax(
                PolicyCatalog.create(spec)
                        .step(TestingSnapshot.of(spec).cosines(0, rows).build(), PolicyMemory.EMPTY)
                        .logWeights());
    }

    private static TestingRun run(Map<String, Double> options) {
        return TestingRun.ofPriors(.5, .3, .2).policy(PolicySpec.of("tikmix-d", options));
    }
}
