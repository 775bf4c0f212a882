package io.sluice.core.domain;

/** What a signal is about: one group or one target of a run. */
public record Subject(Kind kind, String id) implements Comparable<Subject> {

    /** Group or target. */
    public enum Kind {
        GROUP,
        TARGET
    }

    public Subject {
        if (kind == null) {
            throw new IllegalArgumentException("subject without a kind");
        }
        Ids.require(id, "subject");
    }

    /** The subject of a group. */
    public static Subject of(GroupId group) {
        return new Subject(Kind.GROUP, group.value());
    }

    /** The subject of a target. */
    public static Subject of(TargetId target) {
        return new Subject(Kind.TARGET, target.value());
    }

    /** Whether this is a group. */
    public boolean isGroup() {
        return kind == Kind.GROUP;
    }

    @Override
    public int compareTo(Subject other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : id.compareTo(other.id);
    }
}
