package io.sluice.core.candidate.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.candidate.score.SimilarityScorer.Target;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimilarityTest {

    private static final Target EAST = new Target("east", "m", new float[] {2, 0});
    private static final Target NORTH = new Target("north", "m", new float[] {0, 1});

    @Test
    void theNearestTargetCounts() {
        SimilarityScorer scorer = new SimilarityScorer(List.of(EAST, NORTH));
        assertThat(scorer.score(new float[] {5, 0})).hasValue(1);
        assertThat(scorer.score(new float[] {3, 4})).hasValueCloseTo(0.8, within(1e-12));
        assertThat(scorer.score(new float[] {-1, -1})).hasValue(0);
        assertThat(scorer.score(new float[] {0, 0})).isEmpty();
        assertThat(scorer.score(new float[] {Float.NaN, 0})).isEmpty();
        assertThatThrownBy(() -> new SimilarityScorer(List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theVersionFollowsTheVectorsAndNotTheirOrder() {
        int version = new SimilarityScorer(List.of(EAST, NORTH)).version();
        assertThat(version).isPositive();
        assertThat(new SimilarityScorer(List.of(NORTH, EAST)).version()).isEqualTo(version);
        Target moved = new Target("east", "m", new float[] {2, 1e-6f});
        Target other = new Target("east", "n", new float[] {2, 0});
        assertThat(new SimilarityScorer(List.of(moved, NORTH)).version()).isNotEqualTo(version);
        assertThat(new SimilarityScorer(List.of(other, NORTH)).version()).isNotEqualTo(version);
        assertThat(new SimilarityScorer(List.of(EAST)).version()).isNotEqualTo(version);
    }

    @Test
    void ranksAreThoseAmongScoresOfTheSameVersion() {
        SimilarityScores scores = SimilarityScores.NONE;
        assertThat(scores.rank(7, 0.5, 0)).isEmpty();
        for (int i = 0; i < 100; i++) {
            scores = scores.with(7, i / 100.0);
        }
        assertThat(scores.rank(7, 0.5, 100)).hasValueCloseTo(0.5, within(0.02));
        assertThat(scores.rank(7, 0.5, 101)).isEmpty();
        assertThat(scores.rank(8, 0.5, 1)).isEmpty();
        SimilarityScores renewed = scores.with(8, 0.1);
        assertThat(renewed.rank(8, 0.5, 1)).hasValue(1);
        assertThat(renewed.scores().total()).isEqualTo(1);
    }

    /** The ranks of a sample are as evenly spread as all ranks, so none is at a disadvantage. */
    @Test
    void documentsWithASimilarityAreLetInAsOftenAsThoseWithout() {
        SplittableRandom random = new SplittableRandom(3);
        ScoreHistogram all = ScoreHistogram.empty();
        SimilarityScores sampled = SimilarityScores.NONE;
        int[] passed = new int[2];
        int[] seen = new int[2];
        for (int i = 0; i < 40_000; i++) {
            double text = Math.sqrt(random.nextDouble());
            boolean asked = i % 4 == 0;
            // A cosine is a small number: multiplied in, it would sink whoever has one.
            double both = text * 0.3 * random.nextDouble();
            double rank = asked ? sampled.rank(1, both, 100).orElse(1) : all.rank(text);
            all = all.with(text);
            sampled = asked ? sampled.with(1, both) : sampled;
            seen[asked ? 0 : 1]++;
            passed[asked ? 0 : 1] += rank >= 0.7 ? 1 : 0;
        }
        assertThat((double) passed[0] / seen[0]).isCloseTo(0.3, within(0.03));
        assertThat((double) passed[1] / seen[1]).isCloseTo(0.3, within(0.03));
    }

    @Test
    void aSampleHoldsTheSameShareEveryTime() {
        Sample sample = new Sample(0.1);
        long held = 0;
        for (int i = 0; i < 10_000; i++) {
            held += sample.holds("doc-" + i) ? 1 : 0;
            assertThat(new Sample(0.1).holds("doc-" + i)).isEqualTo(sample.holds("doc-" + i));
            assertThat(new Sample(1).holds("doc-" + i)).isTrue();
            assertThat(new Sample(0).holds("doc-" + i)).isFalse();
        }
        assertThat(held).isBetween(900L, 1_100L);
        assertThatThrownBy(() -> new Sample(Double.NaN)).hasMessageContaining("0 to 1");
    }
}
