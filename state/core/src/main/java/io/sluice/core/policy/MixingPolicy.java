package io.sluice.core.policy;

import io.sluice.core.domain.GroupId;
import java.util.Set;

/**
 * Chooses how much of each group the next steps should draw. Pure: same arguments, same answer; no
 * clock, no I/O. What it proposes need not obey any bound, and need not be anchored to the prior:
 * guards see to that.
 */
public interface MixingPolicy {

    /** The name under which runs ask for it. */
    String name();

    /**
     * What it must be told. A policy bridges rounds that lack something as long as it knows enough
     * from others; without a target's loss that it never had it says which is {@link
     * PolicyStep#missing missing}.
     */
    Set<Need> needs();

    /** Proposes a mixture for what was seen, and hands on its memory. */
    PolicyStep step(RoundSnapshot snapshot, PolicyMemory memory);

    /**
     * What it still remembers once other groups are in the mixture: nothing, unless a policy keeps
     * what it knows by the groups' names.
     *
     * @param groups the groups that are in the mixture from now on
     */
    default PolicyMemory regrouped(PolicyMemory memory, Set<GroupId> groups) {
        return PolicyMemory.EMPTY;
    }
}
