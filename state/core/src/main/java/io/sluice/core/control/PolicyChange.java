package io.sluice.core.control;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run is decided by in place of its declaration. What is absent is as declared.
 *
 * @param policy the policy with all its options
 * @param floors least shares by group, each in [0, prior]
 * @param caps largest shares by group, each in [prior, 1]
 * @param maxKl largest change of one plan, in nats
 * @param priorPull strength of the pull towards the prior
 */
public record PolicyChange(
        Optional<PolicySpec> policy,
        SortedMap<GroupId, Double> floors,
        SortedMap<GroupId, Double> caps,
        OptionalDouble maxKl,
        OptionalDouble priorPull) {

    public PolicyChange {
        floors = Collections.unmodifiableSortedMap(new TreeMap<>(floors));
        caps = Collections.unmodifiableSortedMap(new TreeMap<>(caps));
    }

    /** Whether everything is as declared. */
    public boolean isNone() {
        return policy.isEmpty() && !changesBox() && maxKl.isEmpty() && priorPull.isEmpty();
    }

    /** Whether a floor or a cap differs from the declared one. */
    public boolean changesBox() {
        return !floors.isEmpty() || !caps.isEmpty();
    }

    /**
     * The declaration with this change; its digest stays.
     *
     * @throws IllegalArgumentException when the change names a group that the run does not have, or
     *     a value is out of range
     */
    public RunSpec applyTo(RunSpec declared) {
        requireKnown(floors, declared);
        requireKnown(caps, declared);
        List<GroupSpec> groups = new ArrayList<>(declared.groups().size());
        for (GroupSpec group : declared.groups()) {
            groups.add(
                    new GroupSpec(
                            group.id(),
                            group.prior(),
                            floors.getOrDefault(group.id(), group.floor()),
                            caps.getOrDefault(group.id(), group.cap()),
                            group.supply(),
                            group.dormant()));
        }
        GuardSpec guards = declared.guards();
        return new RunSpec(
                declared.runId(),
                groups,
                declared.targets(),
                policy.orElse(declared.policy()),
                new GuardSpec(
                        priorPull.orElse(guards.priorPull()),
                        maxKl.orElse(guards.maxKl()),
                        guards.signalDecay(),
                        guards.minGroupSequences(),
                        guards.minTargetSequences(),
                        guards.deadBand(),
                        guards.coolDownRounds(),
                        guards.governorRounds(),
                        guards.plannedTokens()),
                declared.rounds(),
                declared.sketch(),
                declared.shards(),
                declared.seed(),
                declared.mode(),
                declared.digest(),
                declared.catalog());
    }

    private static void requireKnown(SortedMap<GroupId, Double> bounds, RunSpec declared) {
        for (GroupId group : bounds.keySet()) {
            if (declared.groupIndex(group) < 0) {
                throw new IllegalArgumentException("the run has no group " + group);
            }
        }
    }
}
