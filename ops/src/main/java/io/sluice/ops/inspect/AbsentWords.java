package io.sluice.ops.inspect;

import java.util.List;

/** Which groups are out of the mixture, a sentence each. */
final class AbsentWords {

    private static final int MOST_GROUPS = 8;

    private AbsentWords() {}

    /** No sentence when all groups are in. */
    static List<String> of(List<AbsentGroup> absent) {
        return Words.first(absent, MOST_GROUPS, AbsentWords::words, "groups are out");
    }

    private static String words(AbsentGroup group) {
        return Words.format("%s is out%s: %s.", group.group(), since(group), cause(group));
    }

    private static String since(AbsentGroup group) {
        if (group.sinceRound().isEmpty()) {
            return "";
        }
        return group.sinceStep().isPresent()
                ? Words.format(
                        " since step %d, by round %d",
                        group.sinceStep().getAsLong(), group.sinceRound().getAsLong())
                : Words.format(" since round %d", group.sinceRound().getAsLong());
    }

    private static String cause(AbsentGroup group) {
        return switch (group.cause()) {
            case DECLARED -> "it was declared dormant";
            case OPERATOR ->
                    Words.format(
                            "%s retired it, %s (command %s)",
                            group.who(), group.why(), group.command());
            case CATALOG -> "the catalog announced that it takes part no more";
            case UNKNOWN -> "what took it out is not in the log";
        };
    }
}
