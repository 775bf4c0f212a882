package io.sluice.core.policy;

import io.sluice.core.domain.LogWeights;
import java.util.Set;
import java.util.TreeMap;

/**
 * Online data mixing: a bandit whose arms are groups and whose reward is the loss. With K groups,
 * {@code eps_t = min(1/K, sqrt(ln K / (K t)))} and the loss l_j and share pi_j of the round:
 *
 * <pre>
 * odm          R_j = a R_j + (1 - a) exp(l_j)           w = (1 - K eps_t) R / sum(R)             + eps_t
 * odm-paper    R_j = a R_j + (1 - a) l_j / pi_j         w = (1 - K eps_t) softmax(eps_{t-1} R)   + eps_t
 * odm-floored  as the paper, with rewards of 15 l_j, eps at least 0.03, and exponents within 5 of
 *              the largest
 * </pre>
 *
 * <p>Source: Albalak et al., "Efficient Online Data Mixing For Language Model Pre-Training", arXiv
 * 2312.02406, for the paper's form; the authors' repository (data_sampling_utils.py, smoothed mean)
 * for the first, which its published runs use; the DataFlex library for the floored form. They are
 * kept as published, to be compared with: the reward is the loss and not what can be learned, so
 * that the first form pours tokens into a group of noise; the second returns to equal shares as t
 * grows. Deviations: pi is the share of tokens that was really drawn, one step is a round, and
 * rewards are multiplied by what a group's next token is worth where tokens repeat.
 */
public final class OdmPolicy implements MixingPolicy {

    /** Which of the published laws. */
    enum Form {
        /** The repository's. */
        REPOSITORY("odm", "Albalak et al., arXiv 2312.02406, as in the authors' repository"),
        /** The paper's. */
        PAPER("odm-paper", "Albalak et al., arXiv 2312.02406"),
        /** DataFlex's. */
        FLOORED("odm-floored", "Albalak et al., arXiv 2312.02406, as in the DataFlex library");

        final String policy;
        final String source;

        Form(String policy, String source) {
            this.policy = policy;
            this.source = source;
        }
    }

    private static final String REWARDS = "rewards";
    private static final String ROUNDS = "rounds";
    private static final double FLOORED_REWARD = 15;
    private static final double FLOORED_EPS = 0.03;
    private static final double LARGEST_REWARD = 1e4;
    private static final double LARGEST_LOSS = 100;
    private static final double EXPONENT_RANGE = 5;

    private final Form form;
    private final double smoothing;

    OdmPolicy(Form form, Options options) {
        this.form = form;
        this.smoothing = options.number("smoothing", 0.9, 0, 1 - 1e-6);
    }

    @Override
    public String name() {
        return form.policy;
    }

    @Override
    public Set<Need> needs() {
        return Set.of(Need.GROUP_LOSSES);
    }

    @Override
    public PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory) {
        RoundSnapshot.Losses losses = snapshot.losses();
        int m = losses.tokens().length;
        double t = memory.number(ROUNDS) + 1;
        double total = 0;
        for (long tokens : losses.tokens()) {
            total += tokens;
        }
        double[] rewards = memory.vector(REWARDS, m);
        for (int j = 0; j < m; j++) {
            if (losses.tokens()[j] > 0) {
                rewards[j] = reward(rewards[j], losses.group()[j], losses.tokens()[j] / total);
            }
        }
        TreeMap<String, double[]> vectors = new TreeMap<>();
        vectors.put(REWARDS, rewards);
        vectors.put(ROUNDS, new double[] {t});
        double[] worth = rewards.clone();
        for (int j = 0; j < m; j++) {
            worth[j] *= snapshot.worth().tokens()[j];
        }
        return PolicyStep.weights(weights(worth, t), worth, new PolicyMemory(vectors));
    }

    /** The estimate after a round with this loss per token and this share of the tokens. */
    double reward(double before, double loss, double share) {
        double bounded = Math.min(loss, LARGEST_LOSS);
        double fresh =
                switch (form) {
                    case REPOSITORY -> StrictMath.exp(bounded);
                    case PAPER -> bounded / share;
                    case FLOORED -> FLOORED_REWARD * bounded / share;
                };
        double after = smoothing * before + (1 - smoothing) * fresh;
        return form == Form.FLOORED ? Math.min(after, LARGEST_REWARD) : after;
    }

    /** The mixture of round t, counted from 1. */
    double[] weights(double[] rewards, double t) {
        int m = rewards.length;
        double eps = exploration(m, t);
        double[] shares =
                form == Form.REPOSITORY
                        ? proportional(rewards)
                        : LogWeights.softmax(exponents(rewards, exploration(m, t - 1)));
        double[] weights = new double[m];
        for (int j = 0; j < m; j++) {
            weights[j] = (1 - m * eps) * shares[j] + eps;
        }
        return weights;
    }

    /** The share eps_t that every group has whatever its reward. */
    double exploration(int m, double t) {
        double eps = t > 0 ? Math.sqrt(StrictMath.log(m) / (m * t)) : 1;
        double floor = form == Form.FLOORED ? FLOORED_EPS : 0;
        return Math.min(1.0 / m, Math.max(eps, floor));
    }

    private double[] exponents(double[] rewards, double eps) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double reward : rewards) {
            largest = Math.max(largest, eps * reward);
        }
        double[] exponents = new double[rewards.length];
        for (int j = 0; j < rewards.length; j++) {
            exponents[j] = eps * rewards[j] - largest;
            if (form == Form.FLOORED) {
                exponents[j] = Math.max(-EXPONENT_RANGE, exponents[j]);
            }
        }
        return exponents;
    }

    private static double[] proportional(double[] rewards) {
        double sum = 0;
        for (double reward : rewards) {
            sum += reward;
        }
        double[] shares = new double[rewards.length];
        for (int j = 0; j < shares.length; j++) {
            shares[j] = sum > 0 ? rewards[j] / sum : 1.0 / shares.length;
        }
        return shares;
    }
}
