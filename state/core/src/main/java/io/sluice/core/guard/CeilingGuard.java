package io.sluice.core.guard;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.TargetSpec;

/**
 * Keeps the loss of targets below ceilings, by giving a target more weight for as long as it lies
 * above: dual ascent on {@code minimise the weighted loss subject to loss_i &lt;= ceiling_i}.
 *
 * <pre>
 * nu_i = max(0, nu_i + (loss_i - ceiling_i))          z'_i = (z_i + nu_i) / (1 + sum nu)
 * </pre>
 *
 * <p>nu is a price in units of weight: a loss that stays a tenth of a nat too high for ten rounds
 * gives its target as much weight as all targets were declared to have together. Source of the
 * idea: the critical mixture ratio of Gu et al., "CMR Scaling Law", arXiv 2407.17467, turned into a
 * rule for a live run.
 */
public final class CeilingGuard {

    /** No price is higher. */
    public static final double LARGEST_PRICE = 1e3;

    private CeilingGuard() {}

    /** Whether a run declares a ceiling. */
    public static boolean concerns(RunSpec spec) {
        return spec.targets().stream().anyMatch(target -> target.ceiling().isPresent());
    }

    /**
     * Prices after a round.
     *
     * @param prices prices before it, by target
     * @param measured which targets have a loss in this round; the others keep their price
     * @param losses their losses, in nats per token
     */
    public static double[] prices(
            RunSpec spec, double[] prices, boolean[] measured, double[] losses) {
        double[] next = prices.clone();
        for (int i = 0; i < next.length; i++) {
            TargetSpec target = spec.targets().get(i);
            if (measured[i] && target.ceiling().isPresent()) {
                double excess = losses[i] - target.ceiling().getAsDouble();
                next[i] = Math.min(LARGEST_PRICE, Math.max(0, next[i] + excess));
            }
        }
        return next;
    }

    /**
     * Weights of the targets under these prices; they sum to 1.
     *
     * @param declared their weights as declared, which sum to 1
     */
    public static double[] weights(double[] declared, double[] prices) {
        double total = 1;
        for (double price : prices) {
            total += price;
        }
        double[] weights = new double[prices.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (declared[i] + prices[i]) / total;
        }
        return weights;
    }
}
