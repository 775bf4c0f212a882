package io.sluice.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.solver.SolverResult.Solved;
import io.sluice.core.testing.RandomBox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MixtureSolverTest {

    private static final double[] STRENGTHS = {10, 1, 0.1, 0.01, 0.001};

    @Property(tries = 300, seed = "1")
    void everyAnswerIsFeasibleAndCertified(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 200) int m,
            @ForAll @IntRange(min = 1, max = 10) int targets,
            @ForAll @IntRange(min = 0, max = 4) int strength) {
        MixtureProgram program =
                new RandomProgram(new Random(seed), m, targets, STRENGTHS[strength]).program;

        Solved solved = solved(program);

        assertThat(solved.relativeGap()).isBetween(0.0, MixtureSolver.LARGEST_GAP);
        assertThat(Arrays.stream(solved.weights()).sum()).isEqualTo(1, within(1e-12));
        for (int j = 0; j < m; j++) {
            assertThat(solved.weights()[j])
                    .isBetween(program.floors()[j] - 1e-15, program.caps()[j] + 1e-15);
        }
        for (int i = 0; i < targets; i++) {
            assertThat(TestingObjective.slack(program, i, solved.weights()))
                    .isGreaterThanOrEqualTo(-MixtureSolver.ROW_TOLERANCE);
        }
        assertThat(solved.objective())
                .isEqualTo(TestingObjective.of(program, solved.weights()), within(1e-9));
    }

    /** A convex objective has no better point on any segment to a feasible mixture. */
    @Property(tries = 200, seed = "2")
    void noFeasibleMixtureIsBetter(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 30) int m,
            @ForAll @IntRange(min = 1, max = 10) int targets,
            @ForAll @IntRange(min = 0, max = 4) int strength) {
        Random random = new Random(seed);
        RandomProgram made = new RandomProgram(random, m, targets, STRENGTHS[strength]);
        MixtureProgram program = made.program;

        Solved solved = solved(program);

        double least = TestingObjective.of(program, solved.weights()) - solved.gap() - 1e-9;
        for (int k = 0; k < 100; k++) {
            double[] far = new double[m];
            new BoxedSoftmax(program.floors(), program.caps())
                    .project(logarithms(RandomBox.simplex(random, m)), far);
            double[] anchor = k % 2 == 0 ? made.inside : solved.weights();
            double[] other = lastFeasible(program, anchor, far);
            assertThat(TestingObjective.of(program, other)).isGreaterThanOrEqualTo(least);
            for (double t : new double[] {1e-1, 1e-2, 1e-3}) {
                assertThat(TestingObjective.of(program, between(solved.weights(), other, t)))
                        .isGreaterThanOrEqualTo(least);
            }
        }
    }

    /** The conditions of Karush, Kuhn and Tucker, with the gradient written out. */
    @Property(tries = 200, seed = "3")
    void theMarginalValueIsTheSameForAllGroupsInsideTheirBounds(
            @ForAll long seed,
            @ForAll @IntRange(min = 2, max = 60) int m,
            @ForAll @IntRange(min = 1, max = 10) int targets) {
        MixtureProgram program = new RandomProgram(new Random(seed), m, targets, 1).program;
        Solved solved = solved(program);
        double[] w = solved.weights();
        double deviation = TestingObjective.deviation(program, w);
        if (program.balance() > 0 && targets > 1 && deviation < 1e-4) {
            // Where the spread vanishes it has no gradient.
            return;
        }
        double[] gradient = gradient(program, solved, deviation);

        double atLeast = Double.NEGATIVE_INFINITY;
        double atMost = Double.POSITIVE_INFINITY;
        for (int j = 0; j < m; j++) {
            if (w[j] > program.floors()[j] + 1e-6) {
                atLeast = Math.max(atLeast, gradient[j]);
            }
            if (w[j] < program.caps()[j] - 1e-6) {
                atMost = Math.min(atMost, gradient[j]);
            }
        }
        assertThat(atLeast - atMost).isLessThan(2e-3);
        for (int i = 0; i < targets; i++) {
            assertThat(solved.multipliers()[i]).isGreaterThanOrEqualTo(0);
            assertThat(solved.multipliers()[i] * TestingObjective.slack(program, i, w))
                    .isLessThan(1e-5);
        }
    }

    @Test
    void agreesWithASearchOverAllMixturesOfThreeGroups() {
        Random random = new Random(5);
        for (int k = 0; k < 30; k++) {
            MixtureProgram program = new RandomProgram(random, 3, 1 + k % 4, 0.3).program;
            Solved solved = solved(program);
            double best = Double.POSITIVE_INFINITY;
            int parts = 500;
            for (int a = 0; a <= parts; a++) {
                for (int b = 0; a + b <= parts; b++) {
                    double[] w = {
                        (double) a / parts, (double) b / parts, (double) (parts - a - b) / parts
                    };
                    if (isFeasible(program, w)) {
                        best = Math.min(best, TestingObjective.of(program, w));
                    }
                }
            }
            assertThat(solved.objective()).isLessThanOrEqualTo(best + 1e-9);
            if (best < Double.POSITIVE_INFINITY) {
                assertThat(solved.objective()).isGreaterThan(best - 0.05);
            }
        }
    }

    @Test
    void withoutRowsTheAnswerIsASoftmax() {
        double[] gain = {0.3, -0.1, 0.7};
        double[] reference = {0.5, 0.3, 0.2};

        Solved solved = solved(open(gain, 0.5, reference));

        double[] logits = new double[3];
        for (int j = 0; j < 3; j++) {
            logits[j] = Math.log(reference[j]) + gain[j] / 0.5;
        }
        assertThat(solved.weights()).containsExactly(LogWeights.softmax(logits), within(1e-15));
        assertThat(solved.relativeGap()).isLessThan(1e-14);
    }

    /** Two groups, one target each, balance 1: equal weights have no spread. */
    @Test
    void balanceDrawsTargetsTogether() {
        double[][] rows = {{1, 0}, {0, 1}};
        MixtureProgram program = open(new double[] {0.2, 0}, 0.1, new double[] {0.5, 0.5});

        double[] free = solved(program).weights();
        double[] balanced = solved(program.balancing(1, rows)).weights();

        assertThat(free[0]).isEqualTo(1 / (1 + Math.exp(-2)), within(1e-12));
        assertThat(balanced).containsExactly(new double[] {0.5, 0.5}, within(1e-6));
    }

    @Test
    void aRequiredRowBindsAndHasItsPrice() {
        MixtureProgram program =
                open(new double[] {1, 0}, 1, new double[] {0.5, 0.5})
                        .requiring(new double[][] {{0, 2}}, new double[] {1.2});

        Solved solved = solved(program);

        assertThat(solved.weights()).containsExactly(new double[] {0.4, 0.6}, within(1e-9));
        // -1 + log(.4/.5) = log(.6/.5) - 2 price
        double price = (Math.log(0.6 / 0.5) + 1 - Math.log(0.4 / 0.5)) / 2;
        assertThat(solved.multipliers()[0]).isEqualTo(price, within(1e-6));
    }

    /** argmin |F w|^2 / 2 + KL(w || uniform) with F = (3, 0): 9 w + log(w / (1 - w)) = 0. */
    @Test
    void theQuadraticSpreadsWhatIsRedundant() {
        MixtureProgram program =
                open(new double[2], 1, new double[] {0.5, 0.5}).penalising(new double[][] {{3, 0}});

        double w = solved(program).weights()[0];

        assertThat(9 * w + Math.log(w / (1 - w))).isEqualTo(0, within(1e-5));
    }

    /** Opposed rows leave one mixture only, and no price is finite there without a bound. */
    @Test
    void rowsThatLeaveNoRoomAreKept() {
        double[] reference = {0.2, 0.3, 0.5};
        double[][] rows = {{1, -2, 0.5}, {-1, 2, -0.5}, {0.3, 0.9, -1}, {-0.3, -0.9, 1}};
        double[] bounds = new double[4];
        for (int i = 0; i < 4; i++) {
            bounds[i] = TestingObjective.dot(rows[i], reference);
        }

        Solved solved = solved(open(new double[] {1, 2, 3}, 1, reference).requiring(rows, bounds));

        assertThat(solved.weights()).containsExactly(reference, within(1e-7));
    }

    @Test
    void aBoxOfOneMixtureIsItsAnswer() {
        double[] only = {0.2, 0.3, 0.5};
        double[][] rows = {{1, 0, 0}, {0, 0, 1}};
        MixtureProgram program =
                MixtureProgram.of(new double[] {1, 2, 3}, 1, only, only, only).balancing(1, rows);

        assertThat(solved(program).weights()).containsExactly(only);
        assertThat(solved(program).gap()).isEqualTo(0);
        assertThat(reason(program.requiring(rows, new double[] {0.5, 0})))
                .isEqualTo(SolverResult.Reason.ROWS_CONTRADICT);
    }

    @Property(tries = 100, seed = "4")
    void permutingTheGroupsPermutesTheAnswer(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int m) {
        Random random = new Random(seed);
        MixtureProgram program = new RandomProgram(random, m, 3, 0.5).program;
        List<Integer> order = new ArrayList<>();
        for (int j = 0; j < m; j++) {
            order.add(j);
        }
        Collections.shuffle(order, random);
        MixtureProgram permuted =
                new MixtureProgram(
                        permute(program.gain(), order),
                        program.strength(),
                        permute(program.reference(), order),
                        permute(program.floors(), order),
                        permute(program.caps(), order),
                        program.balance(),
                        permute(program.balanced(), order),
                        permute(program.required(), order),
                        program.bounds(),
                        permute(program.factors(), order));

        assertThat(solved(permuted).weights())
                .containsExactly(permute(solved(program).weights(), order), within(1e-4));
        assertSameObjective(solved(permuted), solved(program), program, 0);
    }

    @Property(tries = 100, seed = "5")
    void aConstantInTheGainChangesNothing(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int m) {
        MixtureProgram program = new RandomProgram(new Random(seed), m, 3, 0.5).program;
        double[] shifted = Arrays.stream(program.gain()).map(gain -> gain + 100).toArray();
        MixtureProgram moved =
                new MixtureProgram(
                        shifted,
                        program.strength(),
                        program.reference(),
                        program.floors(),
                        program.caps(),
                        program.balance(),
                        program.balanced(),
                        program.required(),
                        program.bounds(),
                        program.factors());

        assertThat(solved(moved).weights())
                .containsExactly(solved(program).weights(), within(1e-4));
        assertSameObjective(solved(moved), solved(program), program, 100);
    }

    @Property(tries = 100, seed = "6")
    void whereItBeginsDoesNotMatter(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 100) int m) {
        Random random = new Random(seed);
        MixtureProgram program = new RandomProgram(random, m, 4, 0.2).program;
        Solved cold = solved(program);

        for (double[] near : new double[][] {cold.weights(), RandomBox.simplex(random, m)}) {
            SolverResult warm = MixtureSolver.solve(program, near);
            assertThat(warm).isInstanceOf(Solved.class);
            assertSameObjective((Solved) warm, cold, program, 0);
        }
    }

    @Test
    void tenThousandGroupsAreSolved() {
        MixtureProgram program = new RandomProgram(new Random(1), 10_000, 5, 1).program;

        assertThat(solved(program).relativeGap()).isLessThanOrEqualTo(1e-8);
    }

    @Test
    void theSameProgramGivesTheSameBits() {
        MixtureProgram program = new RandomProgram(new Random(3), 50, 4, 0.1).program;

        assertThat(solved(program).weights()).containsExactly(solved(program).weights());
    }

    /**
     * Two answers to one program differ by what their certificates leave open: their gaps, and what
     * the tolerance of the required rows is worth at their prices.
     */
    private static void assertSameObjective(
            Solved one, Solved other, MixtureProgram program, double shift) {
        double open = one.gap() + other.gap() + rowsWorth(one, program) + rowsWorth(other, program);
        assertThat(one.objective() + shift)
                .isEqualTo(other.objective(), within(open + 1e-12 * (1 + Math.abs(shift))));
    }

    private static double rowsWorth(Solved solved, MixtureProgram program) {
        double worth = 0;
        for (int row = 0; row < program.required().length; row++) {
            double largest = Arrays.stream(program.required()[row]).map(Math::abs).max().orElse(0);
            worth += Math.abs(solved.multipliers()[row]) * MixtureSolver.ROW_TOLERANCE * largest;
        }
        return worth;
    }

    private static Solved solved(MixtureProgram program) {
        SolverResult result = MixtureSolver.solve(program);
        assertThat(result).isInstanceOf(Solved.class);
        return (Solved) result;
    }

    private static SolverResult.Reason reason(MixtureProgram program) {
        SolverResult result = MixtureSolver.solve(program);
        assertThat(result).isInstanceOf(SolverResult.Unsolved.class);
        return ((SolverResult.Unsolved) result).reason();
    }

    private static MixtureProgram open(double[] gain, double strength, double[] reference) {
        double[] caps = new double[gain.length];
        Arrays.fill(caps, 1);
        return MixtureProgram.of(gain, strength, reference, new double[gain.length], caps);
    }

    private static double[] gradient(MixtureProgram program, Solved solved, double deviation) {
        double[] w = solved.weights();
        int n = program.balanced().length;
        double mean = 0;
        for (double[] row : program.balanced()) {
            mean += TestingObjective.dot(row, w) / n;
        }
        double[] gradient = new double[w.length];
        for (int j = 0; j < w.length; j++) {
            gradient[j] =
                    -program.gain()[j]
                            + program.strength()
                                    * (Math.log(Math.max(w[j], 1e-300) / program.reference()[j])
                                            + 1);
            for (double[] row : program.factors()) {
                gradient[j] += TestingObjective.dot(row, w) * row[j];
            }
            for (int i = 0; program.balance() > 0 && deviation > 0 && i < n; i++) {
                double[] row = program.balanced()[i];
                gradient[j] +=
                        program.balance()
                                * (TestingObjective.dot(row, w) - mean)
                                * row[j]
                                / (n * deviation);
            }
            for (int i = 0; i < program.required().length; i++) {
                gradient[j] -=
                        solved.multipliers()[i] * (program.required()[i][j] - program.bounds()[i]);
            }
        }
        return gradient;
    }

    private static boolean isFeasible(MixtureProgram program, double[] w) {
        for (int j = 0; j < w.length; j++) {
            if (w[j] < program.floors()[j] || w[j] > program.caps()[j]) {
                return false;
            }
        }
        return keepsRows(program, w);
    }

    private static boolean keepsRows(MixtureProgram program, double[] w) {
        for (int i = 0; i < program.required().length; i++) {
            if (TestingObjective.slack(program, i, w) < 0) {
                return false;
            }
        }
        return true;
    }

    /** The last point on the way from a mixture that keeps the rows to another. */
    private static double[] lastFeasible(MixtureProgram program, double[] from, double[] to) {
        double[] last = from;
        double low = 0;
        double high = 1;
        for (int i = 0; i < 40; i++) {
            double t = i == 0 ? 1 : (low + high) / 2;
            double[] w = between(from, to, t);
            if (keepsRows(program, w)) {
                last = w;
                low = t;
            } else {
                high = t;
            }
        }
        return last;
    }

    private static double[] between(double[] from, double[] to, double t) {
        double[] w = new double[from.length];
        for (int j = 0; j < w.length; j++) {
            w[j] = from[j] + t * (to[j] - from[j]);
        }
        return w;
    }

    private static double[] logarithms(double[] weights) {
        return Arrays.stream(weights).map(Math::log).toArray();
    }

    private static double[] permute(double[] values, List<Integer> order) {
        return order.stream().mapToDouble(j -> values[j]).toArray();
    }

    private static double[][] permute(double[][] rows, List<Integer> order) {
        return Arrays.stream(rows).map(row -> permute(row, order)).toArray(double[][]::new);
    }
}
