package io.sluice.core.policy;

/** What a policy needs to be told of a run. */
public enum Need {
    /** Mean training losses of the groups, with their tokens. */
    GROUP_LOSSES("group losses"),
    /** Held-out losses of the targets at the ends of rounds. */
    TARGET_LOSSES("held-out losses of targets"),
    /** Gradients of groups and targets; without them a round is held. */
    ALIGNMENTS("gradients of groups and targets"),
    /** Influences of groups on targets under the damped Fisher information of the sketches. */
    INFLUENCES("influences of groups on targets"),
    /** The Gram matrix of the groups' gradients. */
    GROUP_GRAM("inner products of the groups' gradients");

    private final String text;

    Need(String text) {
        this.text = text;
    }

    /** Whether it is about targets, so that a run must declare one. */
    boolean concernsTargets() {
        return this != GROUP_LOSSES && this != GROUP_GRAM;
    }

    @Override
    public String toString() {
        return text;
    }
}
