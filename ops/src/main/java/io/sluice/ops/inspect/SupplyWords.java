package io.sluice.ops.inspect;

import java.util.List;

/** What groups from a catalog hold, and for how long, a sentence each. */
final class SupplyWords {

    private static final int MOST_GROUPS = 8;

    /** Who looks at a run wants to know of groups that end sooner. */
    private static final double SOON_ROUNDS = 100;

    private SupplyWords() {}

    /** No sentence when no supply was told. */
    static List<String> of(List<SupplyLine> supply) {
        return Words.first(supply, MOST_GROUPS, SupplyWords::words, "groups have a supply");
    }

    /** Of those groups alone that are used up, or will be soon. */
    static List<String> ending(List<SupplyLine> supply) {
        List<SupplyLine> ending =
                supply.stream()
                        .filter(line -> line.roundsLeft().orElse(SOON_ROUNDS) < SOON_ROUNDS)
                        .toList();
        return Words.first(ending, MOST_GROUPS, SupplyWords::end, "groups run out");
    }

    private static String end(SupplyLine line) {
        String drawn =
                Words.format(
                        "%s of at most %s epochs are drawn",
                        Words.number(line.epochs(), "%.2f"), Words.number(line.maxEpochs(), "%s"));
        return line.roundsLeft().orElse(0) == 0
                ? Words.format("%s is used up: %s.", line.group(), drawn)
                : Words.format(
                        "%s runs out in %.1f rounds at the newest round's pace: %s.",
                        line.group(), line.roundsLeft().getAsDouble(), drawn);
    }

    private static String words(SupplyLine line) {
        if (line.epochs().isEmpty()) {
            return Words.format("%s holds no tokens yet.", line.group());
        }
        return Words.format(
                "%s holds %,d unique tokens, and %,d were drawn: %.2f epochs%s%s.",
                line.group(),
                line.uniqueTokens(),
                line.drawnTokens(),
                line.epochs().getAsDouble(),
                line.maxEpochs().isPresent()
                        ? Words.format(" of at most %s", line.maxEpochs().getAsDouble())
                        : "",
                worth(line) + left(line));
    }

    private static String worth(SupplyLine line) {
        double worth = line.worth().orElse(1);
        return worth < 1
                ? Words.format("; its next token is worth %.3f of a fresh one", worth)
                : "";
    }

    private static String left(SupplyLine line) {
        if (line.roundsLeft().isEmpty()) {
            return "";
        }
        double rounds = line.roundsLeft().getAsDouble();
        return rounds == 0
                ? "; it is used up"
                : Words.format("; at the round's pace it runs out in %.1f rounds", rounds);
    }
}
