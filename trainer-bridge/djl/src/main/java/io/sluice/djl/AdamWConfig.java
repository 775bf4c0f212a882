package io.sluice.djl;

/**
 * Constants of {@link AdamW}.
 *
 * @param beta1 decay of the mean of the gradient, in [0, 1)
 * @param beta2 decay of the mean of its square, in [0, 1)
 * @param epsilon added to the root of the second, positive
 * @param weightDecay share of a weight that a step of learning rate 1 would take away, at least 0
 * @param clipNorm largest norm of a gradient; a longer one is scaled down to it, positive
 */
public record AdamWConfig(
        double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {

    public AdamWConfig {
        requireDecay("beta1", beta1);
        requireDecay("beta2", beta2);
        if (!(epsilon > 0)) {
            throw new IllegalArgumentException("epsilon " + epsilon + " is not positive");
        }
        if (!(weightDecay >= 0 && weightDecay < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("weightDecay " + weightDecay + " is not in [0, ∞)");
        }
        if (!(clipNorm > 0)) {
            throw new IllegalArgumentException("clipNorm " + clipNorm + " is not positive");
        }
    }

    /** No decay of weights, gradients clipped at norm 1. */
    public static AdamWConfig standard() {
        return new AdamWConfig(0.9, 0.999, 1e-8, 0, 1);
    }

    private static void requireDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " " + value + " is not in [0, 1)");
        }
    }
}
