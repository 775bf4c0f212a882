package io.sluice.core.policy;

/**
 * Chooses how much of each group the next steps should draw. Pure: same arguments, same answer; no
 * clock, no I/O. What it proposes need not obey any bound: guards see to that.
 */
public interface MixingPolicy {

    /** The name under which runs ask for it. */
    String name();

    /** Whether it needs gradients of groups and targets; without them a round is then held. */
    default boolean comparesGradients() {
        return true;
    }

    /** Proposes a mixture for what was seen, and hands on its memory. */
    PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory);
}
