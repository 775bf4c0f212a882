package io.sluice.ops.inspect;

/**
 * A group whose share a plan changed.
 *
 * @param group the group
 * @param from share before, in [0, 1]
 * @param to share after, in [0, 1]
 */
public record Move(String group, double from, double to) {}
