package io.sluice.core.solver;

import io.sluice.core.solver.SolverResult.Reason;
import io.sluice.core.solver.SolverResult.Unsolved;
import java.util.Optional;

/** Says what keeps a program from being solved, before anything is computed. */
final class ProgramCheck {

    /** Terms may exceed the divergence this many times; beyond, exponents lose their digits. */
    static final double LARGEST_RATIO = 1e5;

    private static final double SUM_TOLERANCE = 1e-9;

    private ProgramCheck() {}

    static Optional<Unsolved> check(MixtureProgram program) {
        return finite(program)
                .or(() -> ranges(program))
                .or(() -> box(program))
                .or(() -> scale(program));
    }

    /** What is wrong with a mixture to begin near, if anything is. */
    static Optional<Unsolved> near(MixtureProgram program, double[] near) {
        int groups = program.gain().length;
        if (near.length != groups) {
            return unsolved(
                    Reason.OUT_OF_RANGE,
                    "near has "
                            + near.length
                            + " weights for "
                            + groups
                            + " groups: give one a group, or begin without it");
        }
        for (int j = 0; j < groups; j++) {
            if (!Double.isFinite(near[j])) {
                return unsolved(
                        Reason.NOT_FINITE,
                        "near["
                                + j
                                + "] is "
                                + near[j]
                                + ": give finite weights, or begin without it");
            }
            if (near[j] < 0) {
                return unsolved(
                        Reason.OUT_OF_RANGE,
                        "near[" + j + "] is " + near[j] + ": give weights of 0 or more");
            }
        }
        return Optional.empty();
    }

    private static Optional<Unsolved> finite(MixtureProgram program) {
        return finite("gain", program.gain())
                .or(() -> finite("strength", program.strength()))
                .or(() -> finite("reference", program.reference()))
                .or(() -> finite("floors", program.floors()))
                .or(() -> finite("caps", program.caps()))
                .or(() -> finite("balance", program.balance()))
                .or(() -> finite("balanced", program.balanced()))
                .or(() -> finite("required", program.required()))
                .or(() -> finite("bounds", program.bounds()))
                .or(() -> finite("factors", program.factors()));
    }

    private static Optional<Unsolved> ranges(MixtureProgram program) {
        if (program.gain().length == 0) {
            return unsolved(Reason.OUT_OF_RANGE, "gain is empty: give at least one group");
        }
        if (!(program.strength() > 0)) {
            return unsolved(
                    Reason.OUT_OF_RANGE,
                    "strength "
                            + program.strength()
                            + " is not positive: the divergence makes the answer unique");
        }
        if (program.balance() < 0) {
            return unsolved(
                    Reason.OUT_OF_RANGE,
                    "balance "
                            + program.balance()
                            + " is negative, which is not convex: use 0 or more");
        }
        for (int j = 0; j < program.reference().length; j++) {
            if (!(program.reference()[j] > 0)) {
                return unsolved(
                        Reason.OUT_OF_RANGE,
                        "reference["
                                + j
                                + "] is "
                                + program.reference()[j]
                                + ": give every group a positive share, and cap it at 0 to"
                                + " exclude it");
            }
        }
        return Optional.empty();
    }

    private static Optional<Unsolved> box(MixtureProgram program) {
        double least = 0;
        double most = 0;
        for (int j = 0; j < program.floors().length; j++) {
            double floor = program.floors()[j];
            double cap = program.caps()[j];
            if (floor < 0 || cap < floor) {
                return unsolved(
                        Reason.EMPTY_BOX,
                        "floors["
                                + j
                                + "] is "
                                + floor
                                + " and caps["
                                + j
                                + "] is "
                                + cap
                                + ": a floor lies between 0 and its cap");
            }
            least += floor;
            most += cap;
        }
        if (least > 1 + SUM_TOLERANCE) {
            return unsolved(
                    Reason.EMPTY_BOX, "floors sum to " + least + ": lower them to at most 1");
        }
        if (most < 1 - SUM_TOLERANCE) {
            return unsolved(Reason.EMPTY_BOX, "caps sum to " + most + ": raise them to at least 1");
        }
        return Optional.empty();
    }

    private static Optional<Unsolved> scale(MixtureProgram program) {
        double strength = program.strength();
        double gains = range(program.gain());
        if (!(gains <= LARGEST_RATIO * strength)) {
            return unsolved(
                    Reason.BADLY_SCALED,
                    "gain spans "
                            + gains
                            + ", over 1e5 times the strength "
                            + strength
                            + ": raise strength or divide the gains");
        }
        for (double[] row : program.balanced()) {
            double spread = program.balance() * range(row);
            if (!(spread <= LARGEST_RATIO * strength)) {
                return unsolved(
                        Reason.BADLY_SCALED,
                        "a balanced row spans "
                                + spread
                                + " after balance, over 1e5 times the strength "
                                + strength
                                + ": lower balance or raise strength");
            }
        }
        for (double[] row : program.factors()) {
            double largest = 0;
            for (double value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
            if (!(largest * largest <= LARGEST_RATIO * strength)) {
                return unsolved(
                        Reason.BADLY_SCALED,
                        "a factor reaches "
                                + largest
                                + ", whose square is over 1e5 times the strength "
                                + strength
                                + ": scale factors down or raise strength");
            }
        }
        return Optional.empty();
    }

    private static double range(double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        return most - least;
    }

    private static Optional<Unsolved> finite(String field, double... values) {
        for (int j = 0; j < values.length; j++) {
            if (!Double.isFinite(values[j])) {
                return unsolved(
                        Reason.NOT_FINITE,
                        field
                                + (values.length > 1 ? "[" + j + "]" : "")
                                + " is "
                                + values[j]
                                + ": leave out what was not measured");
            }
        }
        return Optional.empty();
    }

    private static Optional<Unsolved> finite(String field, double[][] rows) {
        for (int i = 0; i < rows.length; i++) {
            Optional<Unsolved> found = finite(field + "[" + i + "]", rows[i]);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Unsolved> unsolved(Reason reason, String message) {
        return Optional.of(new Unsolved(reason, message));
    }
}
