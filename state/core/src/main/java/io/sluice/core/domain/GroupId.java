package io.sluice.core.domain;

/**
 * Names a set of training data whose share is controlled. Identity is the name, never a position.
 */
public record GroupId(String value) implements Comparable<GroupId> {

    public GroupId {
        Ids.require(value, "group");
    }

    @Override
    public int compareTo(GroupId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
