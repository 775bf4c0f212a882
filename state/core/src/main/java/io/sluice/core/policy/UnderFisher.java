package io.sluice.core.policy;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;

/**
 * Shows a policy influences under the damped Fisher information ({@link
 * io.sluice.core.statistics.DampedFisher}) in the place of alignments.
 *
 * <p>Influences are averaged over rounds as the controller averages alignments, with the weight
 * {@code signal_decay}; the first is taken whole. The plain cosines stay what they are in the
 * decisions: the control that every influence should be held against.
 */
final class UnderFisher implements MixingPolicy {

    /** Below this damping rounding shows, and all sketches are nearly orthogonal. */
    static final double LEAST_DAMPING = 1e-3;

    private static final double LARGEST_DAMPING = 1e6;
    private static final String MEAN = "fisher-mean";
    private static final String VARIANCE = "fisher-variance";
    private static final String MEASURED = "fisher-measured";

    private final MixingPolicy policy;

    private UnderFisher(MixingPolicy policy) {
        this.policy = policy;
    }

    /**
     * The policy as it is, or under the Fisher information where the option {@code fisher} asks for
     * it.
     *
     * @throws IllegalArgumentException when the damping is out of range
     */
    static MixingPolicy ifAsked(MixingPolicy policy, Options options) {
        double damping = options.number(SketchWork.FISHER, 0, 0, LARGEST_DAMPING);
        if (damping == 0) {
            return policy;
        }
        if (damping < LEAST_DAMPING) {
            throw new IllegalArgumentException(
                    "policy "
                            + policy.name()
                            + ": "
                            + SketchWork.FISHER
                            + " "
                            + damping
                            + " is neither 0 nor at least "
                            + LEAST_DAMPING);
        }
        return new UnderFisher(policy);
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public Set<Need> needs() {
        Set<Need> needs = EnumSet.copyOf(policy.needs());
        needs.add(Need.INFLUENCES);
        return needs;
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        int m = snapshot.spec().groups().size();
        int n = snapshot.spec().targets().size();
        double[] measured = memory.vector(MEASURED, m);
        double[] mean = memory.vector(MEAN, n * m);
        double[] variance = memory.vector(VARIANCE, n * m);
        snapshot.geometry()
                .filter(geometry -> geometry.influence().length == n)
                .ifPresent(
                        geometry -> average(snapshot.spec(), geometry, measured, mean, variance));
        PolicyStep step =
                policy.step(
                        snapshot.withAlignments(view(snapshot.spec(), measured, mean, variance)),
                        inner(memory));
        TreeMap<String, double[]> vectors = new TreeMap<>(step.memory().vectors());
        vectors.put(MEASURED, measured);
        vectors.put(MEAN, mean);
        vectors.put(VARIANCE, variance);
        return step.withMemory(new PolicyMemory(vectors));
    }

    @Override
    public PolicyMemory regrouped(PolicyMemory memory, Set<GroupId> groups) {
        return policy.regrouped(inner(memory), groups);
    }

    private static void average(
            RunSpec spec,
            RoundSnapshot.Geometry geometry,
            double[] measured,
            double[] mean,
            double[] variance) {
        int m = measured.length;
        for (int j = 0; j < m; j++) {
            if (geometry.measured()[j]) {
                double b = measured[j] > 0 ? spec.guards().signalDecay() : 1;
                for (int i = 0; i < geometry.influence().length; i++) {
                    int at = i * m + j;
                    mean[at] = (1 - b) * mean[at] + b * geometry.influence()[i][j];
                    variance[at] =
                            (1 - b) * (1 - b) * variance[at] + b * b * geometry.variance()[i][j];
                }
                measured[j] = 1;
            }
        }
    }

    /** As a policy sees alignments: the error includes that of the sketch. */
    private static RoundSnapshot.Alignments view(
            RunSpec spec, double[] measured, double[] mean, double[] variance) {
        int m = measured.length;
        int n = spec.targets().size();
        boolean[] known = new boolean[m];
        double[][] means = new double[n][m];
        double[][] errors = new double[n][m];
        for (int j = 0; j < m; j++) {
            known[j] = measured[j] > 0;
            for (int i = 0; i < n; i++) {
                means[i][j] = mean[i * m + j];
                errors[i][j] = Math.sqrt(variance[i * m + j] + 1.0 / spec.sketch().dimension());
            }
        }
        return new RoundSnapshot.Alignments(known, means, errors);
    }

    private static PolicyMemory inner(PolicyMemory memory) {
        TreeMap<String, double[]> vectors = new TreeMap<>(memory.vectors());
        vectors.remove(MEASURED);
        vectors.remove(MEAN);
        vectors.remove(VARIANCE);
        return new PolicyMemory(vectors);
    }
}
