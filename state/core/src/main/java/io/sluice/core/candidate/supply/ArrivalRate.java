package io.sluice.core.candidate.supply;

/**
 * Tokens per second, averaged with weights that fall by e every {@value #SECONDS} seconds: {@code r
 * <- r * exp(-dt / T) + n / T}. Time is handed in; time that goes back counts as none.
 *
 * @param perSecond the rate at {@code atMillis}
 * @param atMillis when it was last changed
 */
public record ArrivalRate(double perSecond, long atMillis) {

    private static final double SECONDS = 600;

    /** Nothing has arrived yet. */
    public static final ArrivalRate NONE = new ArrivalRate(0, 0);

    /** The rate after {@code tokens} more arrived. */
    public ArrivalRate arrived(long tokens, long nowMillis) {
        return new ArrivalRate(at(nowMillis) + tokens / SECONDS, Math.max(atMillis, nowMillis));
    }

    /** The rate as it has fallen until {@code nowMillis}. */
    public double at(long nowMillis) {
        double seconds = Math.max(0, nowMillis - atMillis) / 1000.0;
        return perSecond * StrictMath.exp(-seconds / SECONDS);
    }
}
