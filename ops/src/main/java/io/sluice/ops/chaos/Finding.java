package io.sluice.ops.chaos;

import java.util.List;

/**
 * What one check found.
 *
 * @param invariant what was checked
 * @param looked how many things it looked at; with 0 it says nothing
 * @param violations what broke it, in words that do not change when more is read
 */
record Finding(Invariant invariant, long looked, List<String> violations) {}
