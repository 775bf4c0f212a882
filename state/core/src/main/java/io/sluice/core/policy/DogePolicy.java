package io.sluice.core.policy;

import java.util.Set;

/**
 * Domain reweighting with generalisation estimation: {@link DgaPolicy}'s step with scores that only
 * reward.
 *
 * <pre>
 * s_j = clip( g_j.v / (mean_k |g_k| + 1e-6), 0, 5 )          w'_j proportional to w_j exp(eta s_j)
 * </pre>
 *
 * <p>Source: Fan, Pagliardini and Jaggi, "DoGE: Domain Reweighting with Generalization Estimation",
 * arXiv 2310.15393, in the form for other targets than the groups, {@code v = sum_i z_i v_i}; the
 * division and the clipping are in the authors' code (src/trainer.py) only. Their eta is the
 * learning rate over mu = 0.01. Deviations: gradients are scaled to length 1, so that S are cosines
 * and the mean length is 1; the weights steer the run itself, whereas there a small proxy is
 * trained first and its time average is used.
 */
public final class DogePolicy implements MixingPolicy {

    static final String NAME = "doge";

    private static final double NORM_MARGIN = 1e-6;
    private static final double LARGEST_SCORE = 5;

    private final double eta;

    DogePolicy(Options options) {
        eta = options.number("eta", 0.4, 1e-6, 100);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.ALIGNMENTS);
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        int m = snapshot.inForce().size();
        double[] products = new double[m];
        double[] variances = new double[m];
        double[] targets = snapshot.worth().targets();
        for (int i = 0; i < targets.length; i++) {
            for (int j = 0; j < m; j++) {
                products[j] += targets[i] * snapshot.alignments().mean()[i][j];
                double error = targets[i] * snapshot.alignments().standardError()[i][j];
                variances[j] += snapshot.alignments().measured()[j] ? error * error : 0;
            }
        }
        double[] errors = new double[m];
        for (int j = 0; j < m; j++) {
            errors[j] = Math.sqrt(variances[j]);
        }
        double[] scores = scores(products, 1);
        for (int j = 0; j < m; j++) {
            scores[j] *= snapshot.worth().tokens()[j];
        }
        return PolicyStep.mirror(snapshot.inForce(), eta, scores, errors, memory);
    }

    /** Scores from inner products with the target and the groups' mean gradient norm. */
    static double[] scores(double[] products, double meanNorm) {
        double[] scores = new double[products.length];
        for (int j = 0; j < products.length; j++) {
            double score = products[j] / (meanNorm + NORM_MARGIN);
            scores[j] = Math.max(0, Math.min(LARGEST_SCORE, score));
        }
        return scores;
    }
}
