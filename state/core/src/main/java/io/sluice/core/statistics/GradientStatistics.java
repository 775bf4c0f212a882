package io.sluice.core.statistics;

/**
 * Inner products of gradients with their errors, from split halves.
 *
 * <p>Let {@code g = p g_A + (1-p) g_B} be the pooled per-token mean of a group and {@code v} that
 * of a target. Inner products of independent batches are unbiased. Their sampling variance follows
 * from the disagreement of the halves: if {@code Var<g_A, v> = s^2/n_A} and likewise for B, then
 * {@code E[<g_A - g_B, v>^2] = s^2 (1/n_A + 1/n_B)} and {@code Var<g, v> = s^2/(n_A + n_B) = p
 * (1-p) E[<g_A - g_B, v>^2]}; the target's share is analogous. One round has one degree of freedom
 * for each, so the variances are only useful averaged over rounds. Each share also contains the
 * product of both noises, which is thereby counted twice: the variance errs on the high side, and
 * is never negative.
 *
 * <p>Squared norms of noisy means are biased upwards by the noise; the inner product of the two
 * halves is not.
 */
public final class GradientStatistics {

    private GradientStatistics() {}

    /** An inner product and the variance of its sampling error. */
    public record Product(double value, double variance) {}

    /**
     * Squared norm of a per-token mean: as it is (biased upwards by noise), and from the halves
     * (unbiased).
     */
    public record SquaredNorm(double pooled, double unbiased) {}

    /** Alignment {@code <g, v>} of two independent split gradients, with its sampling variance. */
    public static Product align(SplitSketch group, SplitSketch target) {
        return align(group, target, HalfProducts.PLAIN);
    }

    /** The same under other inner products. */
    public static Product align(SplitSketch group, SplitSketch target, HalfProducts products) {
        HalfProducts.Pairs of = products.of(group, target);
        double p = group.share(0);
        double q = target.share(0);
        double a = q * of.aa() + (1 - q) * of.ab();
        double b = q * of.ba() + (1 - q) * of.bb();
        double first = p * of.aa() + (1 - p) * of.ba();
        double second = p * of.ab() + (1 - p) * of.bb();
        double variance =
                p * (1 - p) * (a - b) * (a - b) + q * (1 - q) * (first - second) * (first - second);
        return new Product(p * a + (1 - p) * b, variance);
    }

    /** Both squared norms of a split gradient. */
    public static SquaredNorm squaredNorm(SplitSketch sketch) {
        return squaredNorm(sketch, HalfProducts.PLAIN);
    }

    /** The same under other inner products. */
    public static SquaredNorm squaredNorm(SplitSketch sketch, HalfProducts products) {
        double p = sketch.share(0);
        HalfProducts.Pairs of = products.of(sketch, sketch);
        double pooled = p * p * of.aa() + 2 * p * (1 - p) * of.ab() + (1 - p) * (1 - p) * of.bb();
        return new SquaredNorm(pooled, of.ab());
    }
}
