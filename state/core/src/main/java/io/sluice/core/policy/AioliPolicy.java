package io.sluice.core.policy;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.linear.Cholesky;
import io.sluice.core.sketch.Hashes;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Measures how each group lowers each target's loss, by drawing more of one group after the other,
 * and steps by what it found.
 *
 * <pre>
 * y_i = sum_j A_ij x_j             drop of target i in a round whose tokens had the shares x
 * A = (A - min(A, 0)) / sum        then E = (1 - ema) A + ema E
 * w_j proportional to exp(eta sum_i n z_i E_ij)                        accumulate = 0
 * w_j proportional to w_j exp(eta sum_i n z_i A_ij)                    accumulate = 1
 * </pre>
 *
 * <p>Source: Chen et al., "Aioli: A Unified Optimization Framework for Language Model Data Mixing",
 * arXiv 2411.05735: accumulate = 1 is its algorithm 1; accumulate = 0, which begins from equal
 * weights every time, is what the authors' code does whenever an average is asked for, and so what
 * their published numbers come from. z are the targets' weights. Deviations:
 *
 * <ul>
 *   <li>A cycle is {@code sweeps} times one probe round per group, in an order drawn from the run's
 *       seed, and then {@code rest} rounds on the result. A probe gives its group the share {@code
 *       one-hot}.
 *   <li>The published A solves one equation per probe mixture. Plans arrive late and within guards,
 *       so here A is the least-squares fit to the shares that were really drawn, over all rounds of
 *       the cycle; the two agree when probes are obeyed exactly. A ridge of 1e-6 of the mean
 *       diagonal keeps it defined when they were not.
 *   <li>A probe is published as one: guards hold it to its bounds, and do not pull it to the prior.
 *       Repeated tokens are not discounted here: their drop is measured with the others'.
 *   <li>Where a round lacks the loss of a target, it and the next are left out. While the probes of
 *       a cycle are to be measured, the cycle waits for both: nothing is probed that nobody
 *       measures.
 * </ul>
 */
public final class AioliPolicy implements MixingPolicy {

    static final String NAME = "aioli";

    /** Most groups: a cycle has a probe for each. */
    static final int MOST_GROUPS = 64;

    private static final String ROUNDS = "rounds";
    private static final String LAST = "last-losses";
    private static final String SHARES = "shares";
    private static final String DROPS = "drops";
    private static final String AVERAGE = "average";
    private static final String WEIGHTS = "weights";
    private static final double RIDGE = 1e-6;

    private final double eta;
    private final double ema;
    private final boolean accumulate;
    private final double oneHot;
    private final int sweeps;
    private final int rest;

    AioliPolicy(Options options) {
        eta = options.number("eta", 0.2, 1e-6, 100);
        ema = options.number("ema", 0.1, 0, 1 - 1e-6);
        accumulate = options.flag("accumulate", false);
        oneHot = options.number("one-hot", 0.5, 0, 1);
        sweeps = options.count("sweeps", 2, 1, 1000);
        rest = options.count("rest", 20, 1, 1_000_000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.GROUP_LOSSES, Need.TARGET_LOSSES);
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        RunSpec spec = snapshot.spec();
        int m = spec.groups().size();
        double[] targets = snapshot.worth().targets();
        int n = targets.length;
        long rounds = (long) memory.number(ROUNDS);
        long cycle = (long) sweeps * m + rest;
        double[] shares = memory.vector(SHARES, m * m);
        double[] drops = memory.vector(DROPS, n * m);
        double[] average = memory.vector(AVERAGE, n * m);
        boolean known = memory.vectors().containsKey(AVERAGE);
        double[] weights = memory.vectors().getOrDefault(WEIGHTS, spec.prior().weights());
        if (weights.length != m) {
            throw new IllegalArgumentException(
                    "memory "
                            + WEIGHTS
                            + " has "
                            + weights.length
                            + " numbers, not "
                            + m
                            + ": hand on the memory of a step with the same groups, or none");
        }
        double[] last = memory.vectors().get(LAST);
        Optional<TargetId> missing = snapshot.unevaluated();
        boolean measured = missing.isEmpty() && last != null && last.length == n;
        if (measured) {
            observe(snapshot, last, shares, drops);
        }
        long position = rounds % cycle;
        boolean begins = missing.isEmpty() && memory.vectors().isEmpty();
        boolean waits = position <= decisive(spec) && !measured && !begins;
        if (position == decisive(spec) && !waits && isMeasured(shares, m)) {
            double[] found = normalise(interactions(shares, drops, m, n));
            average = known ? mix(found, average) : found;
            known = true;
            weights = weights(targets, accumulate ? found : average, weights);
            shares = new double[m * m];
            drops = new double[n * m];
        }
        TreeMap<String, double[]> vectors = new TreeMap<>();
        vectors.put(ROUNDS, new double[] {waits ? rounds : rounds + 1});
        vectors.put(SHARES, shares);
        vectors.put(DROPS, drops);
        if (known) {
            vectors.put(AVERAGE, average);
        }
        vectors.put(WEIGHTS, weights);
        if (missing.isEmpty()) {
            vectors.put(LAST, snapshot.losses().target().clone());
        }
        double[] scores = columnSums(targets, average, m);
        PolicyMemory next = new PolicyMemory(vectors);
        if (waits) {
            // As a probe, so that nothing pulls what is being measured to the prior.
            PolicyStep stay =
                    PolicyStep.weights(snapshot.inForce().weights(), scores, next).asProbe();
            return missing.map(stay::lacking).orElse(stay);
        }
        if (position >= (long) sweeps * m) {
            return PolicyStep.weights(weights, scores, next);
        }
        double[] probe = probe(probed(spec, rounds / cycle, position), m);
        return PolicyStep.weights(probe, scores, next).asProbe();
    }

    /**
     * The position in a cycle at which its probes have been seen: plans take effect the lead later.
     */
    private long decisive(RunSpec spec) {
        long probes = (long) sweeps * spec.groups().size();
        long delay = 1 + (spec.rounds().leadSteps() - 1) / spec.rounds().steps();
        return Math.min(probes + delay, probes + rest - 1);
    }

    /** Adds a round's shares and drops to the normal equations. */
    private static void observe(
            RoundSnapshot snapshot, double[] last, double[] shares, double[] drops) {
        RoundSnapshot.Losses losses = snapshot.losses();
        int m = losses.tokens().length;
        double total = 0;
        for (long tokens : losses.tokens()) {
            total += tokens;
        }
        for (int j = 0; j < m && total > 0; j++) {
            double share = losses.tokens()[j] / total;
            for (int k = 0; k < m; k++) {
                shares[j * m + k] += share * losses.tokens()[k] / total;
            }
            for (int i = 0; i < last.length; i++) {
                drops[i * m + j] += share * (last[i] - losses.target()[i]);
            }
        }
    }

    private static boolean isMeasured(double[] shares, int m) {
        double trace = 0;
        for (int j = 0; j < m; j++) {
            trace += shares[j * m + j];
        }
        return trace > 0;
    }

    /**
     * The least-squares A, by target and group.
     *
     * @param shares sum over rounds of {@code x x^T}, m by m
     * @param drops sum over rounds of {@code y x^T}, n by m
     */
    static double[] interactions(double[] shares, double[] drops, int m, int n) {
        double trace = 0;
        for (int j = 0; j < m; j++) {
            trace += shares[j * m + j];
        }
        double[][] normal = new double[m][m];
        for (int j = 0; j < m; j++) {
            System.arraycopy(shares, j * m, normal[j], 0, m);
            normal[j][j] += RIDGE * trace / m;
        }
        Cholesky factor =
                Cholesky.of(normal)
                        .orElseThrow(() -> new IllegalStateException("a ridge is positive"));
        double[] found = new double[n * m];
        for (int i = 0; i < n; i++) {
            double[] right = new double[m];
            System.arraycopy(drops, i * m, right, 0, m);
            System.arraycopy(factor.solve(right), 0, found, i * m, m);
        }
        return found;
    }

    /** Entries moved up to 0 where one is negative, and divided by their sum. */
    static double[] normalise(double[] interactions) {
        double least = 0;
        for (double value : interactions) {
            least = Math.min(least, value);
        }
        double sum = 0;
        double[] normal = new double[interactions.length];
        for (int k = 0; k < normal.length; k++) {
            normal[k] = interactions[k] - least;
            sum += normal[k];
        }
        for (int k = 0; k < normal.length; k++) {
            normal[k] = sum > 0 ? normal[k] / sum : 1.0 / normal.length;
        }
        return normal;
    }

    private double[] mix(double[] found, double[] average) {
        double[] mixed = new double[found.length];
        for (int k = 0; k < found.length; k++) {
            mixed[k] = (1 - ema) * found[k] + ema * average[k];
        }
        return mixed;
    }

    /** The weights that normalised interactions lead to, from equal ones or from those before. */
    double[] weights(double[] targets, double[] interactions, double[] before) {
        double[] scores = columnSums(targets, interactions, before.length);
        double[] logits = new double[scores.length];
        for (int j = 0; j < scores.length; j++) {
            logits[j] = eta * scores[j] + (accumulate ? LogWeights.log(before[j]) : 0);
        }
        return LogWeights.softmax(logits);
    }

    private static double[] columnSums(double[] targets, double[] interactions, int m) {
        double[] sums = new double[m];
        for (int i = 0; i < targets.length; i++) {
            double weight = targets.length * targets[i];
            for (int j = 0; j < m; j++) {
                sums[j] += weight * interactions[i * m + j];
            }
        }
        return sums;
    }

    private double[] probe(int group, int m) {
        double[] weights = new double[m];
        for (int j = 0; j < m; j++) {
            weights[j] = j == group ? oneHot : (1 - oneHot) / Math.max(m - 1, 1);
        }
        return weights;
    }

    /** The group to probe: each sweep takes all groups in an order of its own. */
    private int probed(RunSpec spec, long cycle, long position) {
        int m = spec.groups().size();
        long sweep = cycle * sweeps + position / m;
        int[] order = new int[m];
        for (int j = 0; j < m; j++) {
            order[j] = j;
        }
        long stream = Hashes.hash(NAME);
        for (int j = m - 1; j > 0; j--) {
            long word = Hashes.mix64(spec.seed(), stream, sweep * MOST_GROUPS + j);
            int other = (int) Long.remainderUnsigned(word, j + 1);
            int swapped = order[j];
            order[j] = order[other];
            order[other] = swapped;
        }
        return order[(int) (position % m)];
    }
}
