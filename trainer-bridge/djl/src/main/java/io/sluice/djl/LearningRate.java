package io.sluice.djl;

/** Learning rate by step. */
@FunctionalInterface
public interface LearningRate {

    /** The learning rate that {@code step}, counted from 0, is taken with. */
    double at(long step);

    /**
     * Rises linearly for {@code warmUpSteps} steps, then stays at {@code peak}.
     *
     * @throws IllegalArgumentException when {@code peak} is not positive and finite, or {@code
     *     warmUpSteps} is negative
     */
    static LearningRate constant(double peak, long warmUpSteps) {
        if (!(peak > 0 && peak < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("learning rate " + peak + " is not in (0, ∞)");
        }
        if (warmUpSteps < 0) {
            throw new IllegalArgumentException("warm-up of " + warmUpSteps + " steps");
        }
        return step -> step < warmUpSteps ? peak * (step + 1) / warmUpSteps : peak;
    }

    /**
     * As {@link #constant}, then falls along half a cosine to a tenth of {@code peak} at step
     * {@code end}, and stays there.
     *
     * @throws IllegalArgumentException also when {@code end} is not after the warm-up
     */
    static LearningRate cosine(double peak, long warmUpSteps, long end) {
        LearningRate flat = constant(peak, warmUpSteps);
        if (end <= warmUpSteps) {
            throw new IllegalArgumentException(
                    "decay ends at step " + end + ", within a warm-up of " + warmUpSteps);
        }
        return step -> {
            if (step < warmUpSteps) {
                return flat.at(step);
            }
            double way = Math.min(1, (double) (step - warmUpSteps) / (end - warmUpSteps));
            return peak * (0.1 + 0.9 * 0.5 * (1 + Math.cos(Math.PI * way)));
        };
    }
}
