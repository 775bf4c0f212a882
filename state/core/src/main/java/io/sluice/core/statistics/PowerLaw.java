package io.sluice.core.statistics;

/**
 * A learning curve {@code L(n) = floor + drop * (n / scale)^-alpha}.
 *
 * @param floor loss that no amount of tokens removes, in nats, at least 0
 * @param drop loss above the floor at n = scale, in nats, at least 0
 * @param alpha exponent, positive
 * @param scale tokens at which drop is measured, positive
 */
public record PowerLaw(double floor, double drop, double alpha, double scale) {

    /** The loss after n tokens, in nats. */
    public double loss(double n) {
        return floor + drop * power(n);
    }

    /** By how much the next token lowers the loss after n of them, in nats per token. */
    public double slope(double n) {
        return alpha * drop * power(n) / n;
    }

    /**
     * The tokens after which the loss is this: where training under this law would stand. Infinite
     * at the floor and below it.
     */
    public double tokensAt(double loss) {
        if (!(loss > floor) || !(drop > 0)) {
            return Double.POSITIVE_INFINITY;
        }
        return scale * StrictMath.exp(-StrictMath.log((loss - floor) / drop) / alpha);
    }

    private double power(double n) {
        return StrictMath.exp(-alpha * StrictMath.log(n / scale));
    }
}
