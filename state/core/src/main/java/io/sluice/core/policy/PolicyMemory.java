package io.sluice.core.policy;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a policy carries from one round to the next: named vectors, so that state outlives changes
 * of the code.
 *
 * @param vectors name to values
 */
public record PolicyMemory(SortedMap<String, double[]> vectors) {

    /** A policy's memory before its first round. */
    public static final PolicyMemory EMPTY = new PolicyMemory(new TreeMap<>());

    public PolicyMemory {
        vectors = Collections.unmodifiableSortedMap(new TreeMap<>(vectors));
    }
}
