package io.sluice.core.policy;

import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.solver.MixtureProgram;
import io.sluice.core.solver.MixtureSolver;
import io.sluice.core.solver.SolverResult;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Direct optimisation of group influence: every few rounds, the mixture that helps the targets
 * most, none much more than another and none less than now.
 *
 * <pre>
 * minimise    alpha std(A w) - beta n sum_i z_i (A w)_i - gamma H(w) + rho/2 w^T K w
 *                                                                       A_ij = S_ij / scale_i
 * subject to  A w >= A w_now - slack,   floors &lt;= w &lt;= caps
 * </pre>
 *
 * <p>Source: "TiKMiX: Take Data Influence into Dynamic Mixture for Language Model Pre-training",
 * arXiv 2508.17677, equations 9 to 11, with alpha = beta = gamma = 1; z are the targets' weights,
 * 1/n each there. Deviations:
 *
 * <ul>
 *   <li>S are cosines under the trainer's preconditioner instead of inner products under an inverse
 *       Hessian that the paper does not specify.
 *   <li>The scale of a row is positive and noise-aware ({@link AlignmentScores}). The paper divides
 *       by the signed maximum, which turns the order of the groups round where all are negative.
 *   <li>{@code reference}: 0 measures the divergence from equal shares, as the paper's entropy
 *       does; 1 from the mixture in force; 2, the default, from the prior.
 *   <li>The slack is {@code slack} standard errors of {@code (A w_now)_i}; 0 is the paper's.
 *   <li>{@code redundancy}: rho, 0 as in the paper unless asked for. Gain is linear in the mixture
 *       and does not know that two groups teach the same; the second order of one step's change of
 *       a loss, {@code (eta^2/2) w^T G^T H G w} with H = I (In-Run Data Shapley, arXiv 2406.11011,
 *       section 4), does. K is the Gram matrix of the groups' gradients in cosines ({@link
 *       GroupGram}), averaged over the rounds in which the policy is asked.
 *   <li>A convex solver with a certificate replaces SLSQP. Its start is the mixture in force, which
 *       is feasible; the paper's uniform start usually is not.
 * </ul>
 *
 * <p>The guards may allow only part of the way at once, so the solution is proposed until the next
 * is computed. Where the program has no certified solution the last one stands, and before the
 * first the mixture in force.
 */
public final class TikmixDPolicy implements MixingPolicy {

    static final String NAME = "tikmix-d";

    private static final String SOLUTION = "solution";
    private static final String AGE = "age";
    private static final double[][] NONE = {};

    private final double alpha;
    private final double beta;
    private final double gamma;
    private final double slack;
    private final int reference;
    private final int every;
    private final double redundancy;

    TikmixDPolicy(Options options) {
        alpha = options.number("alpha", 1, 0, 1000);
        beta = options.number("beta", 1, 0, 1000);
        gamma = options.number("gamma", 1, 1e-3, 1000);
        slack = options.number("slack", 1, 0, 100);
        reference = options.count("reference", 2, 0, 2);
        every = options.count("every", 10, 1, 1_000_000);
        redundancy = options.number(SketchWork.REDUNDANCY, 0, 0, 1000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return redundancy > 0 ? Set.of(Need.ALIGNMENTS, Need.GROUP_GRAM) : Set.of(Need.ALIGNMENTS);
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        int m = snapshot.inForce().size();
        double[] weights = snapshot.worth().targets();
        AlignmentScores scores = AlignmentScores.of(snapshot);
        TreeMap<String, double[]> vectors = new TreeMap<>();
        Optional<GroupGram> gram =
                redundancy > 0 ? Optional.of(GroupGram.of(snapshot, memory)) : Optional.empty();
        gram.ifPresent(known -> known.remember(vectors));
        double[] solution = memory.vectors().get(SOLUTION);
        boolean stored = solution != null && solution.length == m;
        double age = memory.number(AGE) + 1;
        if (!stored || age >= every) {
            MixtureProgram program =
                    program(
                            snapshot,
                            scores,
                            gram.map(known -> known.factors(redundancy)).orElse(NONE));
            SolverResult result = MixtureSolver.solve(program, snapshot.inForce().weights());
            if (result instanceof SolverResult.Solved solved) {
                solution = solved.weights();
                stored = true;
            }
            age = 0;
        }
        vectors.put(AGE, new double[] {age});
        if (stored) {
            vectors.put(SOLUTION, solution);
        }
        PolicyStep step =
                PolicyStep.weights(
                        stored ? solution : snapshot.inForce().weights(),
                        scores.sum(weights),
                        new PolicyMemory(vectors));
        return new PolicyStep(
                step.logWeights(), step.scores(), scores.sumErrors(weights), step.memory());
    }

    /**
     * The program of this round.
     *
     * @param factors rows F with {@code F^T F = rho K}; none without a price on redundancy
     */
    MixtureProgram program(RoundSnapshot snapshot, AlignmentScores scores, double[]... factors) {
        RunSpec spec = snapshot.spec();
        int n = spec.targets().size();
        double[] gainWeights = new double[n];
        double[] bounds = new double[n];
        for (int i = 0; i < n; i++) {
            gainWeights[i] = beta * n * snapshot.worth().targets()[i];
            double variance = 0;
            for (int j = 0; j < snapshot.inForce().size(); j++) {
                double weight = snapshot.inForce().weight(j);
                double error = weight * scores.errors()[i][j];
                bounds[i] += weight * scores.rows()[i][j];
                variance += error * error;
            }
            bounds[i] -= slack * Math.sqrt(variance);
        }
        return MixtureProgram.of(
                        scores.sum(gainWeights),
                        gamma,
                        reference(snapshot),
                        spec.groups().stream().mapToDouble(GroupSpec::floor).toArray(),
                        spec.groups().stream().mapToDouble(GroupSpec::cap).toArray())
                .balancing(alpha, scores.rows())
                .requiring(scores.rows(), bounds)
                .penalising(factors);
    }

    private double[] reference(RoundSnapshot snapshot) {
        double[] weights =
                reference == 2 ? snapshot.spec().prior().weights() : snapshot.inForce().weights();
        if (reference == 0) {
            Arrays.fill(weights, 1.0 / weights.length);
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] = Math.max(weights[j], LogWeights.LEAST);
        }
        return weights;
    }
}
