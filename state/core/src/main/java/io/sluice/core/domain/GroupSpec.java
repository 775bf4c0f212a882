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
 */
public record GroupSpec(
        GroupId id, double prior, double floor, double cap, Optional<Supply> supply) {

    /** A group that never repeats. */
    public GroupSpec(GroupId id, double prior, double floor, double cap) {
        this(id, prior, floor, cap, Optional.empty());
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
}
