package io.sluice.ops.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Numbers and times as people read them, the same on every machine. */
final class Words {

    /** What stands where nothing is known. */
    static final String UNKNOWN = "-";

    private static final int SHORT_DIGEST = 12;
    private static final Pattern CONTROLS = Pattern.compile("\\p{Cntrl}");

    private Words() {}

    /** Names in the log may hold any character, and terminals obey some: those become {@code ?}. */
    static String format(String format, Object... values) {
        Object[] printable = values.clone();
        for (int i = 0; i < printable.length; i++) {
            if (printable[i] instanceof String text) {
                printable[i] = CONTROLS.matcher(text).replaceAll("?");
            }
        }
        return String.format(Locale.ROOT, format, printable);
    }

    static void line(StringBuilder text, String format, Object... values) {
        text.append(format(format, values)).append(System.lineSeparator());
    }

    /** A share in percent. */
    static String share(double share) {
        return format("%.2f %%", 100 * share);
    }

    static String share(OptionalDouble share) {
        return share.isPresent() ? share(share.getAsDouble()) : UNKNOWN;
    }

    /** A change of a share in points of a percent, with its sign. */
    static String points(double change) {
        return format("%+.2f", 100 * change);
    }

    /** A count with its noun, which takes an s. */
    static String count(long count, String noun) {
        return format("%,d %s%s", count, noun, count == 1 ? "" : "s");
    }

    static String number(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : UNKNOWN;
    }

    static String number(OptionalDouble number, String format) {
        return number.isPresent() ? format(format, number.getAsDouble()) : UNKNOWN;
    }

    /** The beginning of a digest, which is enough to tell plans apart. */
    static String digest(String digest) {
        return digest.substring(0, Math.min(SHORT_DIGEST, digest.length()));
    }

    /** How long ago something was, in its largest unit. */
    static String age(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " d";
    }

    /**
     * A sentence for each of the first items, and one that says how many more there are.
     *
     * @param what what the others are or do, as in {@code 3 more groups are out}
     */
    static <T> List<String> first(List<T> items, int most, Function<T, String> words, String what) {
        List<String> sentences = new ArrayList<>();
        items.stream().limit(most).map(words).forEach(sentences::add);
        if (items.size() > most) {
            sentences.add(format("%,d more %s; --output json has all.", items.size() - most, what));
        }
        return sentences;
    }

    /** Counts by name, as {@code 3 LATE, 1 FENCED}; {@code none} when there are none. */
    static String counts(Map<? extends Enum<?>, Long> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> format("%,d %s", entry.getValue(), entry.getKey().name()))
                        .collect(Collectors.joining(", "));
    }

    static long total(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
