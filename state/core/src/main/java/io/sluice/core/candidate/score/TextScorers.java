package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.ArrayList;
import java.util.List;

/** The scorers that look at a text alone, and how scores combine. */
public final class TextScorers {

    private static final List<DocumentScorer> ALL =
            List.of(new LengthScorer(), new RepetitionScorer(), new SymbolScorer());

    private TextScorers() {}

    /** The scores of a document, in a fixed order. */
    public static List<DocumentScore> score(String text, NormalisedText words) {
        List<DocumentScore> scores = new ArrayList<>(ALL.size());
        for (DocumentScorer scorer : ALL) {
            scores.add(scorer.score(text, words));
        }
        return scores;
    }

    /** One score for admission: the product, so that a document is as good as it is in all. */
    public static double combined(List<DocumentScore> scores) {
        double product = 1;
        for (DocumentScore score : scores) {
            product *= score.value();
        }
        return product;
    }
}
