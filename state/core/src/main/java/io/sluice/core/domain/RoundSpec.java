package io.sluice.core.domain;

/**
 * How steps are cut into rounds. Round r holds the steps {@code [r * steps, (r + 1) * steps - 1]}
 * of every attempt, so that a resumed attempt cuts at the same places.
 *
 * @param steps optimiser steps in a round, at least 1
 * @param leadSteps least distance from a round's last step to the first step of its plan, at least
 *     1 and at least the prefetch depth of the loader
 * @param warmUpSteps rounds that end before this step decide nothing: early gradients agree with
 *     everything
 * @param leastReporters least share of an attempt's reporters, in (0, 1], on which a round is
 *     decided that the window gives up; 1 decides on whole rounds only
 */
public record RoundSpec(int steps, int leadSteps, long warmUpSteps, double leastReporters) {

    /** Decides on whole rounds only. */
    public RoundSpec(int steps, int leadSteps, long warmUpSteps) {
        this(steps, leadSteps, warmUpSteps, 1);
    }

    public RoundSpec {
        if (steps < 1) {
            throw new IllegalArgumentException("a round needs at least 1 step, not " + steps);
        }
        if (leadSteps < 1) {
            throw new IllegalArgumentException("lead steps must be at least 1, not " + leadSteps);
        }
        if (warmUpSteps < 0) {
            throw new IllegalArgumentException(
                    "warm-up steps must not be negative: " + warmUpSteps);
        }
        if (!(leastReporters > 0 && leastReporters <= 1)) {
            throw new IllegalArgumentException(
                    "the least share of reporters must be above 0 and at most 1, not "
                            + leastReporters);
        }
    }

    /** Whether so many of an attempt's reporters are enough to decide on a round without others. */
    public boolean suffice(int present, int reporters) {
        return leastReporters < 1 && (double) present / reporters >= leastReporters;
    }

    /** The round that {@code step} belongs to. */
    public long roundOf(long step) {
        return Math.floorDiv(step, (long) steps);
    }

    /** First step of {@code round}. */
    public long firstStep(long round) {
        return Math.multiplyExact(round, (long) steps);
    }

    /** Last step of {@code round}. */
    public long lastStep(long round) {
        return firstStep(round) + steps - 1;
    }
}
