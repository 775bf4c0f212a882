package io.sluice.core.policy;

import java.util.List;
import java.util.Set;

/**
 * What a run may know of a policy before it asks for it.
 *
 * @param name the name under which runs ask for it
 * @param summary what it moves towards, in one line
 * @param source where its law is published
 * @param needs what it must be told
 * @param options its options by name
 */
public record PolicyInfo(
        String name, String summary, String source, Set<Need> needs, List<Option> options) {

    public PolicyInfo {
        options = List.copyOf(options);
    }

    /**
     * An option with its range.
     *
     * @param name the option's name
     * @param fallback its value where a run does not say
     * @param least least value allowed
     * @param most largest value allowed
     * @param whole whether only whole numbers are allowed
     */
    public record Option(String name, double fallback, double least, double most, boolean whole) {}
}
