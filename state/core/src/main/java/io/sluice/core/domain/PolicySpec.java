package io.sluice.core.domain;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which policy a run wants, with its options.
 *
 * @param name the policy's name, as {@code dga}
 * @param options option name to value; what is absent takes the policy's default
 */
public record PolicySpec(String name, SortedMap<String, Double> options) {

    public PolicySpec {
        Ids.require(name, "policy");
        options = Collections.unmodifiableSortedMap(new TreeMap<>(options));
    }

    /** A policy with its default options. */
    public static PolicySpec of(String name) {
        return new PolicySpec(name, new TreeMap<>());
    }

    /** A policy with some options set. */
    public static PolicySpec of(String name, Map<String, Double> options) {
        return new PolicySpec(name, new TreeMap<>(options));
    }
}
