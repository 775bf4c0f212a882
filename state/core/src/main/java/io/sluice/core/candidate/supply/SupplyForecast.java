package io.sluice.core.candidate.supply;

import java.util.OptionalDouble;

/**
 * How far a group's unique tokens reach.
 *
 * @param uniqueTokens tokens after deduplication, at least 0
 * @param drawnTokens tokens drawn so far, repetitions included, at least 0
 * @param arrivalsPerUnit unique tokens that arrive in a unit of time, such as a second or a round,
 *     at least 0
 */
public record SupplyForecast(long uniqueTokens, long drawnTokens, double arrivalsPerUnit) {

    public SupplyForecast {
        if (uniqueTokens < 0 || drawnTokens < 0 || !(arrivalsPerUnit >= 0)) {
            throw new IllegalArgumentException(
                    "a supply of "
                            + uniqueTokens
                            + " unique and "
                            + drawnTokens
                            + " drawn tokens with "
                            + arrivalsPerUnit
                            + " arriving is not possible");
        }
    }

    /** How often the group was gone through; empty where there is nothing to go through. */
    public OptionalDouble epochs() {
        return uniqueTokens == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) drawnTokens / uniqueTokens);
    }

    /**
     * Time until {@code maxEpochs} are drawn, at a constant rate; empty where arrivals keep up.
     *
     * @param maxEpochs how often a token may be drawn, above 0
     * @param drawsPerUnit tokens drawn in the unit of time of the arrivals
     * @return in that unit
     */
    public OptionalDouble timeUntil(double maxEpochs, double drawsPerUnit) {
        double left = maxEpochs * uniqueTokens - drawnTokens;
        double falling = drawsPerUnit - maxEpochs * arrivalsPerUnit;
        if (left <= 0) {
            return OptionalDouble.of(0);
        }
        return falling <= 0 ? OptionalDouble.empty() : OptionalDouble.of(left / falling);
    }
}
