package io.sluice.core.candidate.decontamination;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Looks for text of the targets in documents: runs of 13 words that both hold, the length that
 * Brown et al. (2020, appendix C) took.
 */
public final class Decontaminator {

    /** Words of an n-gram. */
    public static final int WORDS = 13;

    private final TreeMap<String, NgramSet> targets;
    private final int least;

    /**
     * @param targets the n-grams of each target
     * @param least number of shared n-grams from which a document is kept out, at least 1
     */
    public Decontaminator(Map<String, NgramSet> targets, int least) {
        if (least < 1) {
            throw new IllegalArgumentException(
                    "the least overlap " + least + " is not positive: use 1 or more n-grams");
        }
        this.targets = new TreeMap<>(targets);
        this.least = least;
    }

    /**
     * Text that a document shares with a target.
     *
     * @param target the target
     * @param ngrams number of shared n-grams
     */
    public record Overlap(String target, int ngrams) {}

    /** The n-grams of a text, as targets register them. */
    public static long[] ngrams(NormalisedText text) {
        return text.ngrams(WORDS);
    }

    /** The first target, by name, with which a document shares too much. */
    public Optional<Overlap> overlap(NormalisedText document) {
        if (targets.isEmpty()) {
            return Optional.empty();
        }
        long[] ngrams = ngrams(document);
        for (Map.Entry<String, NgramSet> target : targets.entrySet()) {
            int shared = target.getValue().shared(ngrams);
            if (shared >= least) {
                return Optional.of(new Overlap(target.getKey(), shared));
            }
        }
        return Optional.empty();
    }
}
