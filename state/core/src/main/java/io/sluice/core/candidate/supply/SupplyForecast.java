package io.sluice.core.candidate.supply;

import java.util.OptionalDouble;

/**
 * How far a group's unique tokens reach.
 *
 * @param uniqueTokens tokens after deduplication, at least 0
 * @param drawnTokens tokens drawn so far, repetitions included, at least 0
 * @param arrivalsPerSecond unique tokens that arrive per second, at least 0
 */
public record SupplyForecast(long uniqueTokens, long drawnTokens, double arrivalsPerSecond) {

    public SupplyForecast {
        if (uniqueTokens < 0 || drawnTokens < 0 || !(arrivalsPerSecond >= 0)) {
            throw new IllegalArgumentException(
                    "a supply of "
                            + uniqueTokens
                            + " unique and "
                            + drawnTokens
                            + " drawn tokens with "
                            + arrivalsPerSecond
                            + " arriving per second is not possible");
        }
    }

    /** How often the group was gone through; empty where there is nothing to go through. */
    public OptionalDouble epochs() {
        return uniqueTokens == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) drawnTokens / uniqueTokens);
    }

    /**
     * Seconds until {@code maxEpochs} are drawn, at a constant rate; empty where arrivals keep up.
     *
     * @param drawsPerSecond tokens drawn per second
     * @param maxEpochs how often a token may be drawn, above 0
     */
    public OptionalDouble secondsUntil(double maxEpochs, double drawsPerSecond) {
        double left = maxEpochs * uniqueTokens - drawnTokens;
        double falling = drawsPerSecond - maxEpochs * arrivalsPerSecond;
        if (left <= 0) {
            return OptionalDouble.of(0);
        }
        return falling <= 0 ? OptionalDouble.empty() : OptionalDouble.of(left / falling);
    }
}
