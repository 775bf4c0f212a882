package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;

/**
 * Rises with the number of words to 1 at {@value #ENOUGH}, and falls where words are longer than
 * {@value #LONG_WORD} characters on average: text that nobody split into words is seldom text.
 */
public final class LengthScorer implements DocumentScorer {

    private static final int ENOUGH = 50;
    private static final double LONG_WORD = 15;

    @Override
    public DocumentScore score(String text, NormalisedText words) {
        double enough = Math.min(1, (double) words.size() / ENOUGH);
        double mean = (double) words.text().length() / Math.max(1, words.size());
        return new DocumentScore("length", 1, enough * Math.min(1, LONG_WORD / mean));
    }
}
