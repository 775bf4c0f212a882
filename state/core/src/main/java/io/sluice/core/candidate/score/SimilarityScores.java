package io.sluice.core.candidate.score;

import java.util.OptionalDouble;

/**
 * Scores of those documents of a group whose similarity to the targets was measured. They are
 * compared with each other only: a document that was not asked for its similarity is neither better
 * nor worse for it.
 *
 * @param version version of the similarity; 0 before the first
 * @param scores their scores, similarity included
 */
public record SimilarityScores(int version, ScoreHistogram scores) {

    /** No document's similarity was measured. */
    public static final SimilarityScores NONE = new SimilarityScores(0, ScoreHistogram.empty());

    /** One score more; those of another version are forgotten. */
    public SimilarityScores with(int ofVersion, double score) {
        ScoreHistogram known = ofVersion == version ? scores : ScoreHistogram.empty();
        return new SimilarityScores(ofVersion, known.with(score));
    }

    /** The rank of a score, where there are {@code least} of its version to compare it with. */
    public OptionalDouble rank(int ofVersion, double score, int least) {
        return ofVersion == version && scores.total() >= Math.max(1, least)
                ? OptionalDouble.of(scores.rank(score))
                : OptionalDouble.empty();
    }
}
