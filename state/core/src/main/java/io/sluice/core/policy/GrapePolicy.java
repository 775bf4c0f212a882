package io.sluice.core.policy;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.TargetId;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Group robust multi-target adaptation: {@link DgaPolicy}'s step, with weights of the targets that
 * go to those which improve least.
 *
 * <pre>
 * z'_i proportional to z_i exp( -mu p_i )        p_i = (last_i - loss_i) / last_i
 * a_j = sum_i z'_i S_ij / scale_i                w'_j proportional to w_j exp(eta a_j)
 * </pre>
 *
 * <p>Source: Fan et al., "GRAPE: Optimize Data Mixture for Group Robust Multi-target Adaptive
 * Pretraining", arXiv 2505.20380, algorithm 1, whose p_i is the alignment of the mixture's gradient
 * with {@code grad log l_i}; taken here is the measured relative drop of the target's held-out
 * loss, the form of the authors' code under {@code grape_offline}. Deviations: S are cosines made
 * fit by {@link AlignmentScores}, so that {@code 1 / l_i} cancels; z is drawn back to the declared
 * weights by a tenth a round, without which it ends in a corner. A round without losses of all
 * targets keeps z; before the first round with all of them there is no p, and the policy says which
 * loss is missing rather than do what {@link DgaPolicy} does.
 */
public final class GrapePolicy implements MixingPolicy {

    static final String NAME = "grape";

    private static final String Z = "target-weights";
    private static final String LAST = "last-losses";
    private static final double TARGET_PULL = 0.1;

    private final double eta;
    private final double mu;

    GrapePolicy(Options options) {
        eta = options.number("eta", 0.4, 1e-6, 100);
        mu = options.number("mu", 5, 0, 1000);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.ALIGNMENTS, Need.TARGET_LOSSES);
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        TreeMap<String, double[]> vectors = new TreeMap<>(memory.vectors());
        RoundSnapshot.Losses losses = snapshot.losses();
        double[] declared = snapshot.worth().targets();
        double[] z = targetWeights(declared, memory);
        double[] last = memory.vectors().get(LAST);
        boolean known = last != null && last.length == z.length;
        Optional<TargetId> missing = snapshot.unevaluated();
        if (missing.isPresent() && !known) {
            return PolicyStep.stay(snapshot.inForce(), memory).lacking(missing.get());
        }
        if (missing.isEmpty()) {
            if (known) {
                z = move(z, last, losses.target(), declared);
            }
            vectors.put(LAST, losses.target().clone());
        }
        vectors.put(Z, z);
        AlignmentScores scores = AlignmentScores.of(snapshot);
        return PolicyStep.mirror(
                snapshot.inForce(),
                eta,
                scores.sum(z),
                scores.sumErrors(z),
                new PolicyMemory(vectors));
    }

    /** What it remembers is of the targets alone. */
    @Override
    public PolicyMemory regrouped(PolicyMemory memory, Set<GroupId> groups) {
        return memory;
    }

    private static double[] targetWeights(double[] declared, PolicyMemory memory) {
        double[] stored = memory.vectors().get(Z);
        return stored != null && stored.length == declared.length
                ? stored.clone()
                : declared.clone();
    }

    private double[] move(double[] z, double[] last, double[] loss, double[] declared) {
        double[] logits = new double[z.length];
        for (int i = 0; i < z.length; i++) {
            double progress = last[i] > 0 ? (last[i] - loss[i]) / last[i] : 0;
            double pull = TARGET_PULL * LogWeights.log(declared[i]);
            logits[i] = (LogWeights.log(z[i]) - mu * progress + pull) / (1 + TARGET_PULL);
        }
        return LogWeights.softmax(logits);
    }
}
