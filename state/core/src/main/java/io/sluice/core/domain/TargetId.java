package io.sluice.core.domain;

/** Names a held-out set whose loss the run should lower. */
public record TargetId(String value) implements Comparable<TargetId> {

    public TargetId {
        Ids.require(value, "target");
    }

    @Override
    public int compareTo(TargetId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
