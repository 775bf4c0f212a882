package io.sluice.ops.inspect;

import io.sluice.core.control.PolicyChange;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.policy.PolicyCatalog;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run is replayed with in place of what it declares. What is absent is as declared, and so
 * are options of the declared policy that are not named.
 *
 * @param policy the policy's name
 * @param options options of that policy, or of the declared one
 * @param floors least shares by group
 * @param caps largest shares by group
 * @param maxKl largest change of one plan, in nats
 * @param priorPull strength of the pull towards the prior
 */
public record WhatIfChange(
        Optional<String> policy,
        Map<String, Double> options,
        Map<String, Double> floors,
        Map<String, Double> caps,
        OptionalDouble maxKl,
        OptionalDouble priorPull) {

    /** Whether nothing differs from what is declared. */
    public boolean isNone() {
        return policy.isEmpty()
                && options.isEmpty()
                && floors.isEmpty()
                && caps.isEmpty()
                && maxKl.isEmpty()
                && priorPull.isEmpty();
    }

    /**
     * The declaration with this change; its digest stays.
     *
     * @throws IllegalArgumentException when it does not fit the run, or the run lacks what the
     *     policy needs
     */
    RunSpec applyTo(RunSpec declared) {
        PolicySpec before = declared.policy();
        String name = policy.orElse(before.name());
        SortedMap<String, Double> all =
                new TreeMap<>(name.equals(before.name()) ? before.options() : Map.of());
        all.putAll(options);
        RunSpec changed =
                new PolicyChange(
                                Optional.of(new PolicySpec(name, all)),
                                byGroup(floors),
                                byGroup(caps),
                                maxKl,
                                priorPull)
                        .applyTo(declared);
        PolicyCatalog.create(changed);
        return changed;
    }

    private static SortedMap<GroupId, Double> byGroup(Map<String, Double> shares) {
        SortedMap<GroupId, Double> byGroup = new TreeMap<>();
        shares.forEach((group, share) -> byGroup.put(new GroupId(group), share));
        return byGroup;
    }
}
