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
 */
public record GuardSpec(
        double priorPull,
        double maxKl,
        double signalDecay,
        int minGroupSequences,
        int minTargetSequences) {

    /** A time constant of ten rounds, and averages that follow quickly. */
    public static final GuardSpec DEFAULT = new GuardSpec(0.1, 0.1, 0.3, 8, 16);

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
    }
}
