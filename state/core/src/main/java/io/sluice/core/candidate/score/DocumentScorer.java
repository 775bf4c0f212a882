package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;

/** Scores a document by its text alone. Pure: same text, same score. */
public interface DocumentScorer {

    /**
     * Scores a document.
     *
     * @param text the text as it came
     * @param words the same text, normalised; at least one word
     */
    DocumentScore score(String text, NormalisedText words);
}
