package io.sluice.core.policy;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.statistics.LearningCurve;
import io.sluice.core.statistics.PowerLaw;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A mirror step towards the groups whose own loss still falls fastest per token: what to use where
 * there are no gradients.
 *
 * <pre>
 * L_j(n) = E_j + B_j n^-alpha_j         fitted to the group's own losses and tokens
 * m_j = d_j q_j alpha_j B_j n_j^(-alpha_j - 1)
 * s_j = clip( m_j / mean(m) - 1, -1, 2 )          w'_j proportional to w_j exp(eta s_j)
 * </pre>
 *
 * <p>The learning curves and the use of their slope are those of Jiang et al., "Adaptive Data
 * Optimization", arXiv 2410.11820, section 3; the step is the mirror step of the others, anchored
 * by the controller's pull to the prior. Deviations from the source:
 *
 * <ul>
 *   <li>n counts the group's own tokens. The published configuration counts all groups alike, which
 *       cancels out and hides differences between groups.
 *   <li>The score is relative to the mean, so that eta has one meaning all through the run, and the
 *       weights are a step from those in force rather than overwritten.
 *   <li>d_j is what the group's next token is worth where tokens repeat: training losses fall on
 *       repeated tokens too, and tell nothing of it.
 *   <li>q_j is the group's prior share: the loss that is to fall is the prior's.
 *   <li>No group's loss is credited to another: cross effects are not seen.
 * </ul>
 *
 * <p>A group without a law counts as the median of those that have one. Laws are fitted again every
 * few rounds; where there are more than {@value #FITS} groups, in several rounds, and which groups
 * share one is drawn by their names. The learning rate's decay makes losses fall faster than any
 * power law: let the run observe only during the decay.
 */
public final class SlopeEgPolicy implements MixingPolicy {

    static final String NAME = "slope-eg";

    private static final String ROUNDS = "rounds";
    private static final String CURVE = "curve/";
    private static final String LAW = "law/";
    private static final double[] NOTHING = {};

    /** Laws that a round fits before it leaves some to the next. */
    private static final int FITS = 500;

    private static final double LEAST_SCORE = -1;
    private static final double MOST_SCORE = 2;

    private final double eta;
    private final int firstFit;
    private final int refit;

    SlopeEgPolicy(Options options) {
        eta = options.number("eta", 0.2, 1e-6, 100);
        firstFit = options.count("first-fit", 30, LearningCurve.FEWEST_POINTS, 1_000_000);
        refit = options.count("refit", 20, 1, 1_000_000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.GROUP_LOSSES);
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        RunSpec spec = snapshot.spec();
        int m = spec.groups().size();
        TreeMap<String, double[]> vectors = new TreeMap<>(memory.vectors());
        GroupVectors curves = new GroupVectors(vectors, CURVE, spec.groups());
        GroupVectors laws = new GroupVectors(vectors, LAW, spec.groups());
        double rounds = memory.number(ROUNDS) + 1;
        int parts = Math.min(refit, (m + FITS - 1) / FITS);
        double[] slopes = new double[m];
        boolean[] known = new boolean[m];
        for (int j = 0; j < m; j++) {
            GroupSpec group = spec.groups().get(j);
            LearningCurve curve = LearningCurve.of(curves.get(j, NOTHING));
            double tokens = curve.tokens();
            long drawn = snapshot.losses().tokens()[j];
            if (drawn > 0) {
                curve = curve.with(tokens, drawn, snapshot.losses().group()[j]);
                tokens += drawn;
                curves.put(j, curve.toArray());
            }
            double[] law = laws.get(j, NOTHING);
            if (fits(group.id(), rounds, parts)) {
                Optional<PowerLaw> found = curve.fit();
                if (found.isPresent()) {
                    law = toArray(found.get());
                    laws.put(j, law);
                }
            }
            if (law.length > 0) {
                known[j] = true;
                slopes[j] =
                        group.prior()
                                * law(group.id(), law).slope(tokens)
                                * snapshot.worth().tokens()[j];
            }
        }
        vectors.put(ROUNDS, new double[] {rounds});
        return PolicyStep.mirror(
                snapshot.inForce(), eta, scores(slopes, known), new PolicyMemory(vectors));
    }

    /** Curves and laws of groups that left are forgotten. */
    @Override
    public PolicyMemory regrouped(PolicyMemory memory, Set<GroupId> groups) {
        TreeMap<String, double[]> kept = new TreeMap<>(memory.vectors());
        kept.keySet()
                .removeIf(name -> isOfOther(name, CURVE, groups) || isOfOther(name, LAW, groups));
        return new PolicyMemory(kept);
    }

    private static boolean isOfOther(String name, String prefix, Set<GroupId> groups) {
        return name.startsWith(prefix)
                && !groups.contains(new GroupId(name.substring(prefix.length())));
    }

    /** Whether it is a group's turn; by its name, which outlives its place. */
    private boolean fits(GroupId group, double rounds, int parts) {
        double since = rounds - firstFit;
        return since >= 0 && since % refit == Math.floorMod(group.value().hashCode(), parts);
    }

    /** {@code clip(slope / mean - 1, -1, 2)}; zeros where no slope is known or none is left. */
    static double[] scores(double[] slopes, boolean[] known) {
        double[] sorted = new double[slopes.length];
        int count = 0;
        for (int j = 0; j < slopes.length; j++) {
            if (known[j]) {
                sorted[count++] = slopes[j];
            }
        }
        double[] scores = new double[slopes.length];
        if (count == 0) {
            return scores;
        }
        Arrays.sort(sorted, 0, count);
        double median = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        double mean = 0;
        for (int j = 0; j < slopes.length; j++) {
            scores[j] = known[j] ? slopes[j] : median;
            mean += scores[j] / slopes.length;
        }
        for (int j = 0; j < slopes.length; j++) {
            scores[j] =
                    mean > 0
                            ? Math.max(LEAST_SCORE, Math.min(MOST_SCORE, scores[j] / mean - 1))
                            : 0;
        }
        return scores;
    }

    private static double[] toArray(PowerLaw law) {
        return new double[] {law.floor(), law.drop(), law.alpha(), law.scale()};
    }

    private static PowerLaw law(GroupId group, double[] stored) {
        if (stored.length != 4) {
            throw new IllegalArgumentException(
                    "memory "
                            + LAW
                            + group
                            + " has "
                            + stored.length
                            + " numbers, not 4: hand on the memory of a step of this policy, or"
                            + " none");
        }
        return new PowerLaw(stored[0], stored[1], stored[2], stored[3]);
    }
}
