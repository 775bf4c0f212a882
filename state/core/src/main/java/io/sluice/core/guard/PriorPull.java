package io.sluice.core.guard;

import io.sluice.core.domain.LogWeights;
import io.sluice.core.domain.Mixture;

/**
 * Draws every proposal towards the prior: {@code y' = (y + tau log w0) / (1 + tau)}.
 *
 * <p>With a proposal {@code y = log w + eta a} this is the mirror step {@code argmax eta <a, u> -
 * KL(u || w) - tau KL(u || w0)}. It makes the iteration a contraction: without it a constant score
 * drives the mixture to a corner; with it the fixed point is {@code w0 exp(eta a / tau)},
 * approached with a time constant of 1/tau rounds.
 */
public final class PriorPull {

    private PriorPull() {}

    /** The pulled log-weights, up to a constant. */
    public static double[] pull(double[] logWeights, Mixture prior, double tau) {
        double[] pulled = new double[logWeights.length];
        for (int j = 0; j < pulled.length; j++) {
            pulled[j] = (logWeights[j] + tau * LogWeights.log(prior.weight(j))) / (1 + tau);
        }
        return pulled;
    }
}
