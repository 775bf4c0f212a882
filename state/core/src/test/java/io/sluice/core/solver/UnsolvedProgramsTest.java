package io.sluice.core.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.core.solver.SolverResult.Reason;
import io.sluice.core.solver.SolverResult.Solved;
import io.sluice.core.solver.SolverResult.Unsolved;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnsolvedProgramsTest {

    private static final double[] GAIN = {1, 0};
    private static final double[] HALF = {0.5, 0.5};
    private static final double[] ZERO = {0, 0};
    private static final double[] ONE = {1, 1};
    private static final double NAN = Double.NaN;

    @Test
    void namesTheFieldThatIsNotFinite() {
        MixtureProgram fine = MixtureProgram.of(GAIN, 1, HALF, ZERO, ONE);
        double[][] bad = {{0, 1}, {1, Double.POSITIVE_INFINITY}};

        assertUnsolved(of(new double[] {0, NAN}), Reason.NOT_FINITE, "gain[1] is NaN");
        assertUnsolved(
                MixtureProgram.of(GAIN, NAN, HALF, ZERO, ONE),
                Reason.NOT_FINITE,
                "strength is NaN");
        assertUnsolved(fine.balancing(1, bad), Reason.NOT_FINITE, "balanced[1][1] is Infinity");
        assertUnsolved(fine.balancing(NAN, bad), Reason.NOT_FINITE, "balance is NaN");
        assertUnsolved(fine.requiring(bad, ZERO), Reason.NOT_FINITE, "required[1][1]");
        assertUnsolved(
                fine.requiring(new double[][] {{0, 1}}, new double[] {NAN}),
                Reason.NOT_FINITE,
                "bounds is NaN");
        assertUnsolved(fine.penalising(bad), Reason.NOT_FINITE, "factors[1][1]");
    }

    @Test
    void namesTheValueThatIsOutOfRange() {
        assertUnsolved(
                MixtureProgram.of(GAIN, 0, HALF, ZERO, ONE), Reason.OUT_OF_RANGE, "strength 0.0");
        assertUnsolved(
                MixtureProgram.of(GAIN, 1, new double[] {1, 0}, ZERO, ONE),
                Reason.OUT_OF_RANGE,
                "reference[1] is 0.0: give every group a positive share");
        assertUnsolved(
                MixtureProgram.of(GAIN, 1, HALF, ZERO, ONE).balancing(-1, new double[][] {ZERO}),
                Reason.OUT_OF_RANGE,
                "balance -1.0");
        assertUnsolved(
                MixtureProgram.of(new double[0], 1, new double[0], new double[0], new double[0]),
                Reason.OUT_OF_RANGE,
                "gain is empty");
    }

    @Test
    void namesWhatIsWrongWithAMixtureToBeginNear() {
        MixtureProgram fine = MixtureProgram.of(GAIN, 1, HALF, ZERO, ONE);

        assertUnsolved(
                MixtureSolver.solve(fine, new double[3]),
                Reason.OUT_OF_RANGE,
                "near has 3 weights for 2 groups: give one a group, or begin without it");
        assertUnsolved(
                MixtureSolver.solve(fine, new double[] {1, NAN}),
                Reason.NOT_FINITE,
                "near[1] is NaN: give finite weights");
        assertUnsolved(
                MixtureSolver.solve(fine, new double[] {-1, 2}),
                Reason.OUT_OF_RANGE,
                "near[0] is -1.0: give weights of 0 or more");
        assertThat(MixtureSolver.solve(fine, new double[] {0, 1})).isInstanceOf(Solved.class);
    }

    @Test
    void saysWhyABoxHoldsNoMixture() {
        assertUnsolved(
                MixtureProgram.of(GAIN, 1, HALF, new double[] {0.6, 0.6}, ONE),
                Reason.EMPTY_BOX,
                "floors sum to 1.2: lower them");
        assertUnsolved(
                MixtureProgram.of(GAIN, 1, HALF, ZERO, new double[] {0.3, 0.4}),
                Reason.EMPTY_BOX,
                "caps sum to 0.7: raise them");
        assertUnsolved(
                MixtureProgram.of(GAIN, 1, HALF, new double[] {0, 0.5}, new double[] {1, 0.4}),
                Reason.EMPTY_BOX,
                "floors[1] is 0.5 and caps[1] is 0.4");
        assertUnsolved(
                MixtureProgram.of(GAIN, 1, HALF, new double[] {-0.1, 0}, ONE),
                Reason.EMPTY_BOX,
                "floors[0] is -0.1");
    }

    @Test
    void provesThatRowsContradict() {
        MixtureProgram program = MixtureProgram.of(GAIN, 1, HALF, ZERO, ONE);

        assertUnsolved(
                program.requiring(new double[][] {{1, 0}, {0, 1}}, new double[] {0.6, 0.6}),
                Reason.ROWS_CONTRADICT,
                "required rows 0, 1");
        // Only one of three asks for what cannot be.
        assertUnsolved(
                program.requiring(
                        new double[][] {{1, 0}, {0, 1}, {1, 2}}, new double[] {0.1, 0.1, 2.5}),
                Reason.ROWS_CONTRADICT,
                "required rows 2:");
        // The box forbids it, the simplex alone would not.
        assertUnsolved(
                MixtureProgram.of(GAIN, 1, HALF, ZERO, new double[] {0.7, 1})
                        .requiring(new double[][] {{1, 0}}, new double[] {0.71}),
                Reason.ROWS_CONTRADICT,
                "widen floors and caps");
    }

    /** The step that misses the rows by least, and the one whose prices prove it, are not one. */
    @ParameterizedTest
    @ValueSource(longs = {896, 3744, 4508, 9070, 10258})
    void provesContradictionsThatAreHardToProve(long seed) {
        assertUnsolved(hardProgram(seed), Reason.ROWS_CONTRADICT, "keeps the required rows");
    }

    /** Missed by so little that the proof drowns in rounding. */
    @Test
    void saysByHowMuchItDidNotConverge() {
        SolverResult result = MixtureSolver.solve(hardProgram(280_721));

        assertUnsolved(result, Reason.NOT_CONVERGED, "required rows are missed by 2.305");
        assertUnsolved(result, Reason.NOT_CONVERGED, ": raise strength, or lower bounds");
    }

    @Test
    void whatJustFitsIsSolved() {
        SolverResult result =
                MixtureSolver.solve(
                        MixtureProgram.of(GAIN, 1, HALF, ZERO, new double[] {0.7, 1})
                                .requiring(new double[][] {{1, 0}}, new double[] {0.7}));

        assertThat(result).isInstanceOf(Solved.class);
        assertThat(((Solved) result).weights()[0]).isBetween(0.7 - 1e-8, 0.7 + 1e-15);
    }

    @Test
    void saysWhatIsScaledBadly() {
        assertUnsolved(
                MixtureProgram.of(new double[] {1e9, 0}, 1, HALF, ZERO, ONE),
                Reason.BADLY_SCALED,
                "raise strength or divide the gains");
        MixtureProgram fine = MixtureProgram.of(GAIN, 1, HALF, ZERO, ONE);
        assertUnsolved(
                fine.balancing(1, new double[][] {{1e9, 0}, {0, 0}}),
                Reason.BADLY_SCALED,
                "lower balance or raise strength");
        assertUnsolved(
                fine.penalising(new double[][] {{1e9, 0}}),
                Reason.BADLY_SCALED,
                "scale factors down");
    }

    /** Whatever comes in, what comes out is proven or explained. */
    @Property
    void neverAnswersWithANumberThatIsNone(@ForAll long seed) {
        Random random = new Random(seed);
        int m = 1 + random.nextInt(6);
        double[][] rows = {wild(random, m), wild(random, m)};
        MixtureProgram program =
                new MixtureProgram(
                        wild(random, m),
                        Math.abs(wild(random, 1)[0]),
                        positive(random, m),
                        new double[m],
                        positive(random, m),
                        Math.abs(wild(random, 1)[0]),
                        rows,
                        rows,
                        wild(random, 2),
                        rows);

        SolverResult result = MixtureSolver.solve(program);

        if (result instanceof Solved solved) {
            assertThat(solved.relativeGap()).isBetween(0.0, MixtureSolver.LARGEST_GAP);
            assertThat(solved.objective()).isFinite();
            for (double weight : solved.weights()) {
                assertThat(weight).isBetween(0.0, 1.0);
            }
        } else {
            assertThat(((Unsolved) result).message()).contains(": ");
        }
    }

    @Test
    void refusesRowsOfAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of(GAIN).requiring(new double[][] {{1}}, new double[1]))
                .withMessageContaining("a required row has length 1, not 2");
    }

    private static MixtureProgram of(double[] gain) {
        return MixtureProgram.of(gain, 1, HALF, ZERO, ONE);
    }

    /** Rows of which some can be kept and some contradict, under a steep reference. */
    private static MixtureProgram hardProgram(long seed) {
        Random random = new Random(seed);
        int m = 2 + random.nextInt(8);
        int n = 1 + random.nextInt(6);
        double[] gain = new double[m];
        double[] reference = new double[m];
        double sum = 0;
        for (int j = 0; j < m; j++) {
            gain[j] = random.nextGaussian();
            reference[j] = StrictMath.exp(3 * random.nextGaussian());
            sum += reference[j];
        }
        double[] caps = new double[m];
        for (int j = 0; j < m; j++) {
            reference[j] /= sum;
            caps[j] = 1;
        }
        double[][] rows = new double[n][m];
        double[] bounds = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                rows[i][j] = random.nextGaussian();
            }
            bounds[i] = 1.2 * random.nextDouble();
        }
        double strength = StrictMath.pow(10, random.nextInt(6) - 3);
        return MixtureProgram.of(gain, strength, reference, new double[m], caps)
                .requiring(rows, bounds);
    }

    /** Mostly moderate, sometimes zero, huge, tiny or not a number. */
    private static double[] wild(Random random, int m) {
        double[] values = new double[m];
        for (int j = 0; j < m; j++) {
            double sign = random.nextBoolean() ? 1 : -1;
            values[j] =
                    switch (random.nextInt(12)) {
                        case 0 -> 0;
                        case 1 -> sign * Math.pow(10, 600 * random.nextDouble() - 300);
                        case 2 -> random.nextInt(5) == 0 ? NAN : sign;
                        case 3 -> sign * Math.pow(10, 8 * random.nextDouble() - 4);
                        default -> random.nextGaussian();
                    };
        }
        return values;
    }

    private static double[] positive(Random random, int m) {
        double[] values = new double[m];
        for (int j = 0; j < m; j++) {
            values[j] = random.nextInt(4) == 0 ? 1 : random.nextDouble() + 1e-6;
        }
        return values;
    }

    private static void assertUnsolved(MixtureProgram program, Reason reason, String message) {
        assertUnsolved(MixtureSolver.solve(program), reason, message);
    }

    private static void assertUnsolved(SolverResult result, Reason reason, String message) {
        assertThat(result).isInstanceOf(Unsolved.class);
        assertThat(((Unsolved) result).reason()).isEqualTo(reason);
        assertThat(((Unsolved) result).message()).contains(message);
    }
}
