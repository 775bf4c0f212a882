package io.sluice.core.candidate.dedup;

/**
 * Where a candidate stands in its topic.
 *
 * @param partition the partition
 * @param offset the offset in it
 */
public record Position(int partition, long offset) {

    /** Whether this one was certainly sent before {@code other}. */
    boolean isBefore(Position other) {
        return partition == other.partition && offset < other.offset;
    }
}
