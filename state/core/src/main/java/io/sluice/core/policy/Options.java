package io.sluice.core.policy;

import io.sluice.core.domain.PolicySpec;
import java.util.List;
import java.util.TreeMap;

/** Reads a policy's options, refuses those that nobody read, and tells which there are. */
final class Options {

    private final PolicySpec policy;
    private final TreeMap<String, PolicyInfo.Option> read = new TreeMap<>();

    Options(PolicySpec policy) {
        this.policy = policy;
    }

    /**
     * The option's value, or {@code fallback} where it is not given.
     *
     * @throws IllegalArgumentException when it lies outside of [least, most]
     */
    double number(String name, double fallback, double least, double most) {
        return read(new PolicyInfo.Option(name, fallback, least, most, false));
    }

    /** As {@link #number}, for whole numbers. */
    int count(String name, int fallback, int least, int most) {
        double value = read(new PolicyInfo.Option(name, fallback, least, most, true));
        if (value != Math.rint(value)) {
            throw new IllegalArgumentException(
                    "policy "
                            + policy.name()
                            + ": "
                            + name
                            + " "
                            + value
                            + " is not whole: write a whole number from "
                            + least
                            + " to "
                            + most);
        }
        return (int) value;
    }

    /** Whether the option is 1 rather than 0. */
    boolean flag(String name, boolean fallback) {
        return count(name, fallback ? 1 : 0, 0, 1) == 1;
    }

    /** The options that were read, by name. */
    List<PolicyInfo.Option> known() {
        return List.copyOf(read.values());
    }

    /**
     * @throws IllegalArgumentException when an option was given that the policy does not have
     */
    void requireAllRead() {
        for (String option : policy.options().keySet()) {
            if (!read.containsKey(option)) {
                throw new IllegalArgumentException(
                        "policy "
                                + policy.name()
                                + " has no option '"
                                + option
                                + "': it has "
                                + read.keySet());
            }
        }
    }

    private double read(PolicyInfo.Option option) {
        read.put(option.name(), option);
        double value = policy.options().getOrDefault(option.name(), option.fallback());
        if (!(value >= option.least() && value <= option.most())) {
            throw new IllegalArgumentException(
                    "policy "
                            + policy.name()
                            + ": "
                            + option.name()
                            + " "
                            + value
                            + " is not in ["
                            + option.least()
                            + ", "
                            + option.most()
                            + "]");
        }
        return value;
    }
}
