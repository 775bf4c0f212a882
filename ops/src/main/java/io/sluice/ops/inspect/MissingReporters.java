package io.sluice.ops.inspect;

import io.sluice.schemas.Decision;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** The reporters of an attempt that are not in a round that was decided on without them. */
final class MissingReporters {

    private static final int MOST_NAMES = 8;

    private MissingReporters() {}

    /** How many; 0 for a whole round. */
    static int count(Decision decision) {
        return bits(decision).cardinality();
    }

    /**
     * Their names.
     *
     * @param reporters the attempt's, in any order; where they do not fit the decision, as when
     *     they are not known, no name is told
     */
    static List<String> names(Decision decision, List<String> reporters) {
        List<String> sorted = reporters.stream().sorted().distinct().toList();
        BitSet missing = bits(decision);
        return missing.length() > sorted.size()
                ? List.of()
                : missing.stream().mapToObj(sorted::get).toList();
    }

    /** As {@code " without 2 reporters"}; nothing for a whole round. */
    static String without(int count) {
        return count == 0 ? "" : " without " + Words.count(count, "reporter");
    }

    /** As {@code ": rank-1, rank-3"}; nothing when none is known. */
    static String list(List<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        int more = names.size() - MOST_NAMES;
        return more > 0 ? Words.format(": %s and %,d more", first, more) : ": " + first;
    }

    private static BitSet bits(Decision decision) {
        return BitSet.valueOf(decision.getAbsentReporters().duplicate());
    }
}
