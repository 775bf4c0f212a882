package io.sluice.core.domain;

import java.util.Optional;

/**
 * One group of a run as it was declared.
 *
 * @param id the group
 * @param prior its share in the mixture that is trusted without evidence, in (0, 1]
 * @param floor least share a plan may give it, in [0, prior]
 * @param cap largest share a plan may give it, in [prior, 1]
 * @param supply how much there is of it; empty when it never repeats
 * @param dormant whether it is out of the mixture: declared for later, or retired. No plan draws
 *     from it, and the priors of the others stand for the whole
 */
public record GroupSpec(
        GroupId id,
        double prior,
        double floor,
        double cap,
        Optional<Supply> supply,
        boolean dormant) {

    /** A group that never repeats. */
    public GroupSpec(GroupId id, double prior, double floor, double cap) {
        this(id, prior, floor, cap, Optional.empty());
    }

    /** A group that is in the mixture. */
    public GroupSpec(GroupId id, double prior, double floor, double cap, Optional<Supply> supply) {
        this(id, prior, floor, cap, supply, false);
    }

    public GroupSpec {
        if (!(prior > 0 && prior <= 1)) {
            throw new IllegalArgumentException(
                    "group " + id + ": prior " + prior + " is not in (0, 1]");
        }
        if (!(floor >= 0 && floor <= prior)) {
            throw new IllegalArgumentException(
                    "group " + id + ": floor " + floor + " is not in [0, prior = " + prior + "]");
        }
        if (!(cap >= prior && cap <= 1)) {
            throw new IllegalArgumentException(
                    "group " + id + ": cap " + cap + " is not in [prior = " + prior + ", 1]");
        }
    }

    /** The same group, in the mixture or out of it. */
    public GroupSpec withDormant(boolean value) {
        return new GroupSpec(id, prior, floor, cap, supply, value);
    }

    /** The same group with so much of it. */
    public GroupSpec withSupply(Optional<Supply> value) {
        return new GroupSpec(id, prior, floor, cap, value, dormant);
    }
}
