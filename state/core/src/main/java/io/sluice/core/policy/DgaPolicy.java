package io.sluice.core.policy;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;
import java.util.Set;

/**
 * Dynamic gradient alignment: a mirror step towards the groups whose gradients point where the
 * targets' gradients point.
 *
 * <pre>
 * a_j = sum_i z_i S_ij / scale_i          w'_j proportional to w_j exp(eta a_j)
 * </pre>
 *
 * <p>Source: Fan, Grangier and Ablin, "Dynamic Gradient Alignment for Online Data Mixing", arXiv
 * 2410.02498, which takes one target and derives the step from {@code argmax <w', a> - KL(w' ||
 * w)/eta}; z are the targets' weights. Deviations:
 *
 * <ul>
 *   <li>S are cosines rather than inner products, because inner products rank groups by the length
 *       of their gradients.
 *   <li>The exponent has a plus, as the derivation demands; the paper's listing is reported to
 *       print a minus.
 *   <li>The signal is averaged over rounds (by the controller) instead of the weights, which
 *       removes noise before the exponential; the option {@code weight-ema} averages the weights as
 *       well, as the paper does.
 *   <li>Rows are shrunk by their noise and scaled: see {@link AlignmentScores}.
 * </ul>
 */
public final class DgaPolicy implements MixingPolicy {

    static final String NAME = "dga";

    private final double eta;
    private final double weightEma;

    DgaPolicy(Options options) {
        this(options.number("eta", 0.4, 1e-6, 100), options.number("weight-ema", 1, 1e-6, 1));
    }

    /**
     * @param eta step size, positive: too small and the mixture does not move within the run, too
     *     large and it follows noise. The fixed point under a prior pull tau is {@code prior *
     *     exp(a eta / tau)}
     * @param weightEma weight in (0, 1] of the new mixture against the one in force
     */
    public DgaPolicy(double eta, double weightEma) {
        if (!(eta > 0 && eta <= 100)) {
            throw new IllegalArgumentException("policy dga: eta " + eta + " is not in (0, 100]");
        }
        if (!(weightEma > 0 && weightEma <= 1)) {
            throw new IllegalArgumentException(
                    "policy dga: weight-ema " + weightEma + " is not in (0, 1]");
        }
        this.eta = eta;
        this.weightEma = weightEma;
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
        double[] targetWeights = snapshot.worth().targets();
        AlignmentScores scores = AlignmentScores.of(snapshot);
        PolicyStep step =
                PolicyStep.mirror(
                        snapshot.inForce(),
                        eta,
                        scores.sum(targetWeights),
                        scores.sumErrors(targetWeights),
                        memory);
        return weightEma == 1 ? step : averaged(snapshot.inForce(), step);
    }

    private PolicyStep averaged(Mixture inForce, PolicyStep step) {
        double[] moved = LogWeights.softmax(step.logWeights());
        double[] logWeights = new double[moved.length];
        for (int j = 0; j < moved.length; j++) {
            logWeights[j] =
                    LogWeights.log((1 - weightEma) * inForce.weight(j) + weightEma * moved[j]);
        }
        return new PolicyStep(logWeights, step.scores(), step.scoreErrors(), step.memory());
    }
}
