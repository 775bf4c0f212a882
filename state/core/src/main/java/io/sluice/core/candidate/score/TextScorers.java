package io.sluice.core.candidate.score;

import io.sluice.core.candidate.text.NormalisedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /**
     * One score of the text: the product, so that a document is as good as it is in all. Its
     * similarity to the targets, which few documents are asked for, is not in it.
     */
    public static double combined(List<DocumentScore> scores) {
        double product = 1;
        for (DocumentScore score : scores) {
            product *= isSimilarity(score) ? 1 : score.value();
        }
        return product;
    }

    /** The similarity to the targets, where it was measured. */
    public static Optional<DocumentScore> similarity(List<DocumentScore> scores) {
        return scores.stream().filter(TextScorers::isSimilarity).findFirst();
    }

    private static boolean isSimilarity(DocumentScore score) {
        return score.scorer().equals(SimilarityScorer.NAME);
    }
}
