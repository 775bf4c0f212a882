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

    /** A copy of the vector of this name; where there is none of this length, so many zeros. */
    double[] vector(String name, int length) {
        double[] found = vectors.get(name);
        return found != null && found.length == length ? found.clone() : new double[length];
    }

    /** The first value of the vector of this name, 0 where there is none. */
    double number(String name) {
        return vector(name, 1)[0];
    }
}
