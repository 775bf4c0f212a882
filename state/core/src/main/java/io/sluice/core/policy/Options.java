package io.sluice.core.policy;

import io.sluice.core.domain.PolicySpec;
import java.util.Set;
import java.util.TreeSet;

/** Reads a policy's options, and refuses those that nobody read. */
final class Options {

    private final PolicySpec policy;
    private final Set<String> read = new TreeSet<>();

    Options(PolicySpec policy) {
        this.policy = policy;
    }

    /** The option's value, or {@code fallback} where it is not given. */
    double number(String name, double fallback) {
        read.add(name);
        return policy.options().getOrDefault(name, fallback);
    }

    /**
     * The option's value, or {@code fallback} where it is not given.
     *
     * @throws IllegalArgumentException when it lies outside of [least, most]
     */
    double number(String name, double fallback, double least, double most) {
        double value = number(name, fallback);
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(
                    "policy "
                            + policy.name()
                            + ": "
                            + name
                            + " "
                            + value
                            + " is not in ["
                            + least
                            + ", "
                            + most
                            + "]");
        }
        return value;
    }

    /** As {@link #number(String, double, double, double)}, for whole numbers. */
    int count(String name, int fallback, int least, int most) {
        double value = number(name, fallback, least, most);
        if (value != Math.rint(value)) {
            throw new IllegalArgumentException(
                    "policy " + policy.name() + ": " + name + " " + value + " is not whole");
        }
        return (int) value;
    }

    /** Whether the option is 1 rather than 0. */
    boolean flag(String name, boolean fallback) {
        return count(name, fallback ? 1 : 0, 0, 1) == 1;
    }

    /**
     * @throws IllegalArgumentException when an option was given that the policy does not have
     */
    void requireAllRead() {
        for (String option : policy.options().keySet()) {
            if (!read.contains(option)) {
                throw new IllegalArgumentException(
                        "policy "
                                + policy.name()
                                + " has no option '"
                                + option
                                + "': it has "
                                + read);
            }
        }
    }
}
