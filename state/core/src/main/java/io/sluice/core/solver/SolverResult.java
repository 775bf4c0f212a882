package io.sluice.core.solver;

/** A certified solution, or the reason why there is none. */
public sealed interface SolverResult {

    /**
     * A mixture whose distance from the optimum is proven.
     *
     * <p>The objective is at least {@code strength} times as convex as the divergence: where the
     * rows are kept exactly, {@code KL(weights || optimum) <= gap / strength}.
     *
     * @param weights the mixture: in the box, summing to 1 within 1e-12 where the box has room,
     *     required rows kept within {@link MixtureSolver#ROW_TOLERANCE} of their largest entry
     * @param objective value of the objective there
     * @param gap the objective less a lower bound on every mixture's objective
     * @param relativeGap gap over the larger of strength and |objective + largest gain|, at most
     *     {@link MixtureSolver#LARGEST_GAP}
     * @param multipliers price of each required row, in units of the objective per unit of the row;
     *     0 where the row does not bind
     * @param steps steps of the method that were taken
     */
    record Solved(
            double[] weights,
            double objective,
            double gap,
            double relativeGap,
            double[] multipliers,
            int steps)
            implements SolverResult {}

    /**
     * No mixture.
     *
     * @param reason the kind of reason
     * @param message names the field, what is wrong with it, and what to do
     */
    record Unsolved(Reason reason, String message) implements SolverResult {}

    /** The closed list of reasons. */
    enum Reason {
        /** A value is NaN or infinite. */
        NOT_FINITE,
        /** A value lies outside of its range. */
        OUT_OF_RANGE,
        /** Floors sum to more than 1, caps to less, or a floor lies above its cap. */
        EMPTY_BOX,
        /** No mixture in the box keeps all required rows; proven. */
        ROWS_CONTRADICT,
        /** The divergence is too weak, or a row too uneven, for double precision. */
        BADLY_SCALED,
        /** The proof did not close within the limit of work. */
        NOT_CONVERGED
    }
}
