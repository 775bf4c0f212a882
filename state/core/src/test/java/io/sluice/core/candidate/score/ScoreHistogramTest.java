package io.sluice.core.candidate.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScoreHistogramTest {

    @Test
    void quantilesAndRanksAreRightWithinABin() {
        SplittableRandom random = new SplittableRandom(2);
        double[] scores = random.doubles(10_000).map(x -> x * x).toArray();
        ScoreHistogram histogram = of(scores);
        Arrays.sort(scores);
        for (double q : new double[] {0.1, 0.5, 0.9}) {
            double exact = scores[(int) (q * scores.length)];
            assertThat(histogram.quantile(q)).isCloseTo(exact, within(1.0 / 64));
            assertThat(histogram.rank(exact)).isCloseTo(q, within(0.03));
        }
        assertThat(histogram.rank(1)).isGreaterThan(0.99);
        assertThat(histogram.rank(0)).isLessThan(0.05);
    }

    @Test
    void mergingIsAddingInAnyOrder() {
        ScoreHistogram a = of(0.1, 0.2, 0.9);
        ScoreHistogram b = of(0.2, 1);
        assertThat(a.merge(b)).isEqualTo(b.merge(a)).isEqualTo(of(0.9, 1, 0.2, 0.1, 0.2));
        assertThat(a.merge(b).total()).isEqualTo(5);
        assertThat(ScoreHistogram.of(a.counts())).isEqualTo(a);
    }

    @Test
    void withoutScoresTheRankIsTheMiddle() {
        assertThat(ScoreHistogram.empty().rank(0.3)).isEqualTo(0.5);
        assertThat(ScoreHistogram.empty().quantile(0.5)).isZero();
    }

    @Test
    void whatIsNoScoreIsRefused() {
        assertThatThrownBy(() -> ScoreHistogram.empty().with(Double.NaN))
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> ScoreHistogram.of(new long[3])).hasMessageContaining("128");
    }

    private static ScoreHistogram of(double... scores) {
        ScoreHistogram histogram = ScoreHistogram.empty();
        for (double score : scores) {
            histogram = histogram.with(score);
        }
        return histogram;
    }
}
