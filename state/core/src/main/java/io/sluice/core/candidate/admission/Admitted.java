package io.sluice.core.candidate.admission;

/**
 * What is remembered of a document that was let in, for the day that it is removed.
 *
 * @param source number of its source within the group
 * @param tokens its tokens
 */
public record Admitted(int source, long tokens) {}
