package io.sluice.bridge.pool;

import io.sluice.core.domain.GroupId;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pool holds, at one moment.
 *
 * @param groups by group, what it holds of it
 * @param refused records that were no documents of the contract, or had fields out of range
 * @param duplicates documents that came again under their identifier
 * @param unreadable draws that had no document because it could not be read
 */
public record PoolStatus(
        Map<GroupId, Group> groups, long refused, long duplicates, long unreadable) {

    /**
     * One group.
     *
     * @param documents documents that are held
     * @param bytes their bytes
     * @param admitted documents that were ever taken in
     * @param removed documents that were removed
     * @param drawn documents that were drawn at least once
     * @param full whether documents wait in the log for room
     */
    public record Group(
            long documents, long bytes, long admitted, long removed, long drawn, boolean full) {}

    public PoolStatus {
        groups = new TreeMap<>(groups);
    }

    /** Documents that are held, of all groups. */
    public long documents() {
        return groups.values().stream().mapToLong(Group::documents).sum();
    }

    /** Their bytes. */
    public long bytes() {
        return groups.values().stream().mapToLong(Group::bytes).sum();
    }

    /** Groups of which documents wait in the log for room. */
    public long fullGroups() {
        return groups.values().stream().filter(Group::full).count();
    }
}
