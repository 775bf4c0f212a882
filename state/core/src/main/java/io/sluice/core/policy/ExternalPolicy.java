package io.sluice.core.policy;

import io.sluice.core.domain.LogWeights;
import java.util.Set;
import java.util.TreeMap;

/**
 * A mirror step by the scores of a model from outside, for example one that was trained on the
 * decisions of earlier runs.
 *
 * <pre>
 * w'_j proportional to w_j exp(eta s_j)          s = model(features)
 * </pre>
 *
 * <p>What the model answers is hostile input: scores that are not finite, or not one a group, leave
 * the mixture in force where it is, and all guards follow. It is handed to a {@link
 * io.sluice.core.controller.Controller} by whoever makes one; a run cannot ask for it by name,
 * because a declaration holds no model.
 */
public final class ExternalPolicy implements MixingPolicy {

    /** The policy's name in decisions. */
    public static final String NAME = "external";

    private static final String LOSSES = "losses";
    private static final String TARGET_LOSS = "target-loss";
    private static final double LARGEST_SCORE = 10;

    private final ProposalModel model;
    private final Set<Need> needs;
    private final double eta;

    /**
     * @param needs what the model reads: where a run lacks it, features are 0
     * @param eta step size in (0, 100]
     */
    public ExternalPolicy(ProposalModel model, Set<Need> needs, double eta) {
        if (!(eta > 0 && eta <= 100)) {
            throw new IllegalArgumentException(
                    "policy external: eta " + eta + " is not in (0, 100]");
        }
        this.model = model;
        this.needs = Set.copyOf(needs);
        this.eta = eta;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return needs;
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        int m = snapshot.inForce().size();
        double[] before = memory.vector(LOSSES, m);
        double[] losses = before.clone();
        for (int j = 0; j < m; j++) {
            if (snapshot.losses().tokens()[j] > 0) {
                losses[j] = snapshot.losses().group()[j];
            }
        }
        double targetBefore = memory.number(TARGET_LOSS);
        double target = snapshot.losses().areAllEvaluated() ? targetLoss(snapshot) : targetBefore;
        TreeMap<String, double[]> vectors = new TreeMap<>();
        vectors.put(LOSSES, losses);
        vectors.put(TARGET_LOSS, new double[] {target});
        PolicyMemory next = new PolicyMemory(vectors);
        double[][] features = new double[m][GroupFeature.values().length];
        for (int j = 0; j < m; j++) {
            fill(snapshot, j, features[j]);
            set(features[j], GroupFeature.LOSS, losses[j]);
            set(features[j], GroupFeature.LOSS_CHANGE, change(before[j], losses[j]));
            set(features[j], GroupFeature.TARGET_LOSS, target);
            set(features[j], GroupFeature.TARGET_LOSS_CHANGE, change(targetBefore, target));
        }
        double[] scores = model.scores(features);
        return isUsable(scores, m)
                ? PolicyStep.mirror(snapshot.inForce(), eta, bounded(scores), next)
                : PolicyStep.stay(snapshot.inForce(), next);
    }

    private static void fill(RoundSnapshot snapshot, int j, double[] features) {
        double drawn = 0;
        for (long tokens : snapshot.losses().tokens()) {
            drawn += tokens;
        }
        set(features, GroupFeature.LOG_SHARE, LogWeights.log(snapshot.inForce().weight(j)));
        set(
                features,
                GroupFeature.LOG_PRIOR,
                LogWeights.log(snapshot.spec().groups().get(j).prior()));
        set(
                features,
                GroupFeature.DRAWN_SHARE,
                drawn > 0 ? snapshot.losses().tokens()[j] / drawn : 0);
        set(features, GroupFeature.WORTH, snapshot.worth().tokens()[j]);
        if (snapshot.alignments().measured()[j]) {
            double mean = 0;
            double variance = 0;
            double[] weights = snapshot.worth().targets();
            for (int i = 0; i < weights.length; i++) {
                mean += weights[i] * snapshot.alignments().mean()[i][j];
                double error = weights[i] * snapshot.alignments().standardError()[i][j];
                variance += error * error;
            }
            set(features, GroupFeature.ALIGNMENT, mean);
            set(features, GroupFeature.ALIGNMENT_ERROR, Math.sqrt(variance));
        }
    }

    private static double targetLoss(RoundSnapshot snapshot) {
        double sum = 0;
        double[] weights = snapshot.worth().targets();
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * snapshot.losses().target()[i];
        }
        return sum;
    }

    private static void set(double[] features, GroupFeature feature, double value) {
        features[feature.ordinal()] = value;
    }

    private static double change(double before, double after) {
        return before > 0 && after > 0 ? after - before : 0;
    }

    private static boolean isUsable(double[] scores, int m) {
        if (scores == null || scores.length != m) {
            return false;
        }
        for (double score : scores) {
            if (!Double.isFinite(score)) {
                return false;
            }
        }
        return true;
    }

    private static double[] bounded(double[] scores) {
        double[] bounded = new double[scores.length];
        for (int j = 0; j < scores.length; j++) {
            bounded[j] = Math.max(-LARGEST_SCORE, Math.min(LARGEST_SCORE, scores[j]));
        }
        return bounded;
    }
}
