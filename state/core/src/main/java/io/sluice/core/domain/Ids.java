package io.sluice.core.domain;

/** The one rule for every identifier that people choose: runs, groups, targets, reporters. */
public final class Ids {

    /** Longest identifier, in characters. */
    public static final int MAX_LENGTH = 128;

    private static final String SIGNS = "._/+-";

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

    /** Whether {@code value} obeys the rule. Asked for every signal, several times. */
    public static boolean isValid(String value) {
        if (value == null || value.isEmpty() || value.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean alphanumeric =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
            if (!alphanumeric && (i == 0 || SIGNS.indexOf(c) < 0)) {
                return false;
            }
        }
        return true;
    }
}
