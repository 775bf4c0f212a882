package io.sluice.core.solver;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.solver.SolverResult.Reason;
import io.sluice.core.solver.SolverResult.Solved;
import io.sluice.core.solver.SolverResult.Unsolved;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Solves a {@link MixtureProgram} and proves how good the answer is.
 *
 * <p>An interior point method ({@link InteriorPoint}) walks towards the optimum. Each step costs a
 * few passes over the groups for every row, so that ten thousand groups are no trouble as long as
 * rows are few. The proof does not rest on the method: its prices give a lower bound on every
 * mixture's objective in closed form ({@link DualPoint}), and the answer's objective is compared
 * with that.
 */
public final class MixtureSolver {

    /** The largest relative gap that counts as solved. */
    public static final double LARGEST_GAP = 1e-8;

    /** How far a required row may be missed, over the largest entry of (row - bound). */
    public static final double ROW_TOLERANCE = 1e-9;

    /** What is aimed at, below what counts. */
    private static final double AIM = 1e-12;

    private static final int STEPS = 100;

    /** Prices of missed rows, over the span of the objective. */
    private static final double FIRST_PENALTY = 10;

    private static final double LARGEST_PENALTY = 1e6;
    private static final double PENALTY_FACTOR = 10;

    /** How much further along the path a walk begins that starts near a solution. */
    private static final double WARM = 0.1;

    private final MixtureProgram problem;
    private final ScaledProgram program;
    private int steps;

    /** A mixture, and how far from the optimum it is at most, in nats. */
    private record Proof(
            double[] weights, double objective, double gap, double violation, double[] prices) {

        double relativeGap() {
            return gap / Math.max(1, Math.abs(objective));
        }

        boolean isSolved() {
            return violation <= ROW_TOLERANCE && relativeGap() <= LARGEST_GAP;
        }

        boolean isBetterThan(Proof other) {
            boolean keeps = violation <= ROW_TOLERANCE;
            boolean otherKeeps = other.violation <= ROW_TOLERANCE;
            if (keeps != otherKeeps) {
                return keeps;
            }
            return keeps ? gap < other.gap : violation < other.violation;
        }
    }

    private MixtureSolver(MixtureProgram problem) {
        this.problem = problem;
        this.program = ScaledProgram.of(problem);
    }

    /** Solves {@code problem}. */
    public static SolverResult solve(MixtureProgram problem) {
        return solve(problem, Optional.empty());
    }

    /**
     * Solves {@code problem}, beginning near a mixture that solved a similar one.
     *
     * @param near finite weights of length m, none negative; they change the work, and the answer
     *     only within its gap
     */
    public static SolverResult solve(MixtureProgram problem, double[] near) {
        return solve(problem, Optional.of(near));
    }

    private static SolverResult solve(MixtureProgram problem, Optional<double[]> near) {
        Optional<Unsolved> wrong =
                ProgramCheck.check(problem)
                        .or(() -> near.flatMap(weights -> ProgramCheck.near(problem, weights)));
        return wrong.isPresent() ? wrong.get() : new MixtureSolver(problem).run(near);
    }

    private SolverResult run(Optional<double[]> near) {
        double[] noPrices = new double[program.rows.length];
        DualPoint free = new DualPoint(program, noPrices);
        if (program.rows.length == 0) {
            return solved(proof(free.weights, noPrices, free.bound));
        }
        if (program.freeShare() == 0) {
            // The box holds one mixture: it is the best there is, if it keeps the rows.
            Proof only = proof(free.weights, noPrices, program.objective(free.weights));
            return only.isSolved() ? solved(only) : contradiction("");
        }
        double[] start = start(near);
        double mu = program.span() / program.groups * (near.isPresent() ? WARM : 1);
        double penalty = FIRST_PENALTY * program.span();
        while (true) {
            InteriorPoint point = new InteriorPoint(program, start, penalty, mu);
            Proof proof = walk(point);
            if (proof.isSolved()) {
                return solved(proof);
            }
            // The least that rows are missed by, and the prices that prove it, may be of two steps.
            for (double[] prices : List.of(proof.prices(), point.prices())) {
                if (proof.violation() > ROW_TOLERANCE && contradicts(prices)) {
                    return contradiction(" " + needed(prices));
                }
            }
            if (penalty >= LARGEST_PENALTY * program.span()) {
                return notConverged(proof);
            }
            penalty *= PENALTY_FACTOR;
        }
    }

    private double[] start(Optional<double[]> near) {
        double[] log = program.logReference.clone();
        for (int j = 0; near.isPresent() && j < log.length; j++) {
            log[j] = LogWeights.log(near.get()[j]);
        }
        double[] start = new double[program.groups];
        new BoxedSoftmax(program.floors, program.caps).project(log, start);
        return start;
    }

    /** Walks until the proof is as good as double precision allows. */
    private Proof walk(InteriorPoint point) {
        Proof best = prove(point);
        for (int step = 0; step < STEPS && point.step(); step++) {
            steps++;
            Proof proof = prove(point);
            best = proof.isBetterThan(best) ? proof : best;
            if (best.violation() <= ROW_TOLERANCE && best.relativeGap() <= AIM) {
                return best;
            }
        }
        return best;
    }

    private Proof prove(InteriorPoint point) {
        double[] prices = point.prices().clone();
        return proof(point.weights().clone(), prices, new DualPoint(program, prices).bound);
    }

    private Proof proof(double[] weights, double[] prices, double bound) {
        double objective = program.objective(weights);
        return new Proof(
                weights,
                objective,
                Math.max(objective - bound, 0),
                program.violation(weights),
                prices);
    }

    /**
     * Whether the prices prove that no mixture keeps the rows: the priced sum of the rows is
     * negative at every mixture of the box.
     */
    private boolean contradicts(double[] prices) {
        double[] sum = new double[program.groups];
        double total = 0;
        for (int i = program.balanced; i < program.balanced + program.required; i++) {
            total += prices[i];
            for (int j = 0; j < program.groups; j++) {
                sum[j] -= prices[i] * program.rows[i][j];
            }
        }
        return LargestMean.of(sum, program.floors, program.caps) < -ROW_TOLERANCE * total;
    }

    /** The rows that the contradiction needs: those without whose prices nothing is proven. */
    private String needed(double[] prices) {
        double[] left = prices.clone();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < program.required; i++) {
            double price = left[program.balanced + i];
            left[program.balanced + i] = 0;
            if (!contradicts(left)) {
                left[program.balanced + i] = price;
                rows.add(Integer.toString(i));
            }
        }
        return String.join(", ", rows);
    }

    private static Unsolved contradiction(String rows) {
        return new Unsolved(
                Reason.ROWS_CONTRADICT,
                "no mixture in the box keeps the required rows"
                        + rows
                        + ": lower their bounds, or widen floors and caps");
    }

    private static Unsolved notConverged(Proof proof) {
        return new Unsolved(
                Reason.NOT_CONVERGED,
                "the relative gap is still "
                        + proof.relativeGap()
                        + " and required rows are missed by "
                        + proof.violation()
                        + ": raise strength, or lower bounds");
    }

    private Solved solved(Proof proof) {
        double[] multipliers = new double[program.required];
        for (int i = 0; i < multipliers.length; i++) {
            multipliers[i] = program.rowPrice[i] * proof.prices()[program.balanced + i];
        }
        return new Solved(
                proof.weights(),
                problem.strength() * proof.objective() - program.highestGain,
                problem.strength() * proof.gap(),
                proof.relativeGap(),
                multipliers,
                steps);
    }
}
