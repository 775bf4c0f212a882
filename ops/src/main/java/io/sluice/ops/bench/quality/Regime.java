package io.sluice.ops.bench.quality;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A pool of groups, and what is steered to. */
public enum Regime {
    /** Useful groups, each with more text than a run takes: there is little to win. */
    ABUNDANT("abundant", Pool.USEFUL),
    /** Useful groups that are short, poor ones that are not: there is something to lose. */
    DATA_LIMITED("data-limited", Pool.LIMITED),
    /** All groups, the poor ones among them. */
    POOR_GROUPS("poor-groups", Pool.ALL),
    /** Useful groups; steered to each of the corpus's special targets in turn. */
    SPECIALISE("specialise", Pool.USEFUL);

    private final String text;
    private final Pool pool;

    Regime(String text, Pool pool) {
        this.text = text;
        this.pool = pool;
    }

    /** The name that people use. */
    public String text() {
        return text;
    }

    /** The regime of that name, if there is one. */
    public static Stream<Regime> named(String name) {
        return Arrays.stream(values()).filter(regime -> regime.text.equals(name));
    }

    /** What is mixed. */
    Pool pool() {
        return pool;
    }

    /** The targets that are steered to, one run each. */
    List<String> targets(QualityCorpus corpus) {
        return switch (this) {
            case ABUNDANT, POOR_GROUPS -> List.of(QualityCorpus.HELD_OUT);
            case DATA_LIMITED ->
                    Stream.concat(
                                    Stream.of(QualityCorpus.HELD_OUT),
                                    corpus.specialTargets().stream())
                            .toList();
            case SPECIALISE -> corpus.specialTargets();
        };
    }
}
