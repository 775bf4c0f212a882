package io.sluice.ops.run;

import io.sluice.core.domain.Ids;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a value may be, as a test and in words. */
final class Allowed {

    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,19}");
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");

    private final String words;
    private final Predicate<String> test;
    private final List<String> choices;

    private Allowed(String words, Predicate<String> test) {
        this(words, test, List.of());
    }

    private Allowed(String words, Predicate<String> test, List<String> choices) {
        this.words = words;
        this.test = test;
        this.choices = choices;
    }

    /** An integer from {@code least} to {@code most}. */
    static Allowed integer(long least, long most) {
        String words =
                least == Long.MIN_VALUE
                        ? "a 64-bit integer"
                        : "an integer from " + least + " to " + most;
        return new Allowed(
                words,
                text -> {
                    if (!INTEGER.matcher(text).matches()) {
                        return false;
                    }
                    try {
                        long value = Long.parseLong(text);
                        return value >= least && value <= most;
                    } catch (NumberFormatException e) {
                        return false;
                    }
                });
    }

    /** A number from {@code least} to {@code most}. */
    static Allowed number(double least, double most) {
        return number(
                "a number from " + plain(least) + " to " + plain(most),
                value -> value >= least && value <= most);
    }

    /** A number above {@code bound}, and at most {@code most}. */
    static Allowed numberAbove(double bound, double most) {
        return number(
                "a number above " + plain(bound) + ", at most " + plain(most),
                value -> value > bound && value <= most);
    }

    /** Any finite number. */
    static Allowed finiteNumber() {
        return number("a finite number", Double::isFinite);
    }

    /** One of some words. */
    static Allowed oneOf(List<String> names) {
        return new Allowed("one of " + String.join(", ", names), names::contains, names);
    }

    /** An identifier, by the rule for all that people choose. */
    static Allowed identifier() {
        return new Allowed(
                "1 to "
                        + Ids.MAX_LENGTH
                        + " letters, digits or . _ / + -, starting with a letter or digit",
                Ids::isValid);
    }

    /** Text that is not blank. */
    static Allowed text(String words) {
        return new Allowed(words, text -> !text.isBlank() && text.length() <= 4096);
    }

    /** Not one value but keys, or a list. */
    static Allowed nested(String words) {
        return new Allowed(words, text -> false);
    }

    /** The words that are allowed, where these are all. */
    List<String> choices() {
        return choices;
    }

    boolean accepts(String text) {
        return test.test(text);
    }

    /** In words, to follow "allowed is". */
    @Override
    public String toString() {
        return words;
    }

    private static Allowed number(String words, Predicate<Double> test) {
        return new Allowed(
                words,
                text -> NUMBER.matcher(text).matches() && test.test(Double.parseDouble(text)));
    }

    private static String plain(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
