package io.sluice.core.domain;

/**
 * Bounds that hold for every policy of a run.
 *
 * @param priorPull strength tau of the pull towards the prior, at least 0; its time constant is
 *     {@code 1 / tau} rounds
 * @param maxKl largest change of one plan, delta: {@code KL(new || replaced) <= maxKl} in nats,
 *     positive
 * @param signalDecay weight b in (0, 1] of a round's new estimate in the averages of the signals
 * @param minGroupSequences a group with fewer sequences in a round keeps its averages, at least 2
 * @param minTargetSequences a round in which a target has fewer sequences is held, at least 2
 * @param deadBand changes below this divergence in nats are not published, at least 0
 * @param coolDownRounds least rounds from one plan to the next, at least 1
 * @param governorRounds how many rounds the prior holds after the policy's mixture has fallen
 *     behind it; 0 turns the governor off
 * @param plannedTokens tokens that the run is to take, over which a group's supply is spread; 0
 *     when that is not known
 */
public record GuardSpec(
        double priorPull,
        double maxKl,
        double signalDecay,
        int minGroupSequences,
        int minTargetSequences,
        double deadBand,
        int coolDownRounds,
        int governorRounds,
        long plannedTokens) {

    /** How long the prior holds after a mixture has fallen behind it, in rounds. */
    public static final int DEFAULT_GOVERNOR_ROUNDS = 10;

    /** A time constant of ten rounds, and averages that follow quickly. */
    public static final GuardSpec DEFAULT = new GuardSpec(0.1, 0.1, 0.3, 8, 16);

    /** Without a dead band, a cool-down and a plan for the run's end; the governor watches. */
    public GuardSpec(
            double priorPull,
            double maxKl,
            double signalDecay,
            int minGroupSequences,
            int minTargetSequences) {
        this(
                priorPull,
                maxKl,
                signalDecay,
                minGroupSequences,
                minTargetSequences,
                0,
                1,
                DEFAULT_GOVERNOR_ROUNDS,
                0);
    }

    public GuardSpec {
        if (!(priorPull >= 0 && priorPull <= 1e6)) {
            throw new IllegalArgumentException("prior pull " + priorPull + " is not in [0, 1e6]");
        }
        if (!(maxKl > 0 && maxKl <= 100)) {
            throw new IllegalArgumentException(
                    "largest change " + maxKl + " is not in (0, 100] nats");
        }
        if (!(signalDecay > 0 && signalDecay <= 1)) {
            throw new IllegalArgumentException("signal decay " + signalDecay + " is not in (0, 1]");
        }
        if (minGroupSequences < 2 || minTargetSequences < 2) {
            throw new IllegalArgumentException(
                    "two halves need at least 2 sequences: groups "
                            + minGroupSequences
                            + ", targets "
                            + minTargetSequences);
        }
        if (!(deadBand >= 0 && deadBand <= maxKl)) {
            throw new IllegalArgumentException(
                    "dead band " + deadBand + " is not in [0, largest change = " + maxKl + "]");
        }
        if (coolDownRounds < 1 || coolDownRounds > 1_000_000) {
            throw new IllegalArgumentException(
                    "cool-down of " + coolDownRounds + " rounds is not in [1, 1000000]");
        }
        if (governorRounds != 0 && (governorRounds < 8 || governorRounds > 1_000_000)) {
            throw new IllegalArgumentException(
                    "governor rounds " + governorRounds + " are neither 0 nor in [8, 1000000]");
        }
        if (plannedTokens < 0) {
            throw new IllegalArgumentException("planned tokens " + plannedTokens + " are below 0");
        }
    }
}
