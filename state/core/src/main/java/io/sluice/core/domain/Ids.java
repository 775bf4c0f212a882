package io.sluice.core.domain;

import java.util.regex.Pattern;

/** The one rule for every identifier that people choose: runs, groups, targets, reporters. */
public final class Ids {

    /** Longest identifier, in characters. */
    public static final int MAX_LENGTH = 128;

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/+-]*");

    private Ids() {}

    /**
     * Returns {@code value} when it is a valid identifier.
     *
     * @param what what the identifier names, for the message
     * @throws IllegalArgumentException when it is empty, too long, or holds another character than
     *     letters, digits and {@code . _ / + -}, or starts with one of those signs
     */
    public static String require(String value, String what) {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    what
                            + " '"
                            + value
                            + "' is not an identifier: use 1 to "
                            + MAX_LENGTH
                            + " letters, digits or . _ / + -, starting with a letter or digit");
        }
        return value;
    }

    /** Whether {@code value} obeys the rule. */
    public static boolean isValid(String value) {
        return value != null && value.length() <= MAX_LENGTH && ALLOWED.matcher(value).matches();
    }
}
