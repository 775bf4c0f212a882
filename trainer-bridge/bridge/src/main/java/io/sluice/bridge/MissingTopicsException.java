package io.sluice.bridge;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** The log answers, but topics that the bridge needs do not exist. It never creates any itself. */
public final class MissingTopicsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final TreeSet<String> topics;

    MissingTopicsException(Collection<String> topics) {
        super(
                "these topics do not exist: "
                        + String.join(", ", new TreeSet<>(topics))
                        + ". Create them with './sluice topics create', and check the topic"
                        + " prefix");
        this.topics = new TreeSet<>(topics);
    }

    /** Names of the missing topics. */
    public SortedSet<String> topics() {
        return new TreeSet<>(topics);
    }
}
