package io.sluice.ops.bench.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class LossCurveTest {

    private final LossCurve curve =
            new LossCurve(List.of(100L, 200L, 300L), List.of(3.0, 2.0, 1.5));

    @Test
    void interpolatesBetweenMeasurements() {
        assertThat(curve.at(100)).isEqualTo(3);
        assertThat(curve.at(150)).isEqualTo(2.5, within(1e-12));
        assertThat(curve.at(280)).isEqualTo(1.6, within(1e-12));
        assertThat(curve.at(300)).isEqualTo(1.5);
    }

    @Test
    void doesNotGuessBeyondItsEnd() {
        assertThatThrownBy(() -> curve.at(301)).hasMessageContaining("ends at step 300");
    }

    @Test
    void findsTheFirstStepThatIsAsLow() {
        assertThat(curve.reaches(2.5).orElseThrow()).isEqualTo(150, within(1e-9));
        assertThat(curve.reaches(1.5).orElseThrow()).isEqualTo(300, within(1e-9));
        assertThat(curve.reaches(5).orElseThrow()).isEqualTo(100);
        assertThat(curve.reaches(1.4)).isEmpty();
    }

    @Test
    void theFirstCrossingCountsWhereACurveGoesUpAgain() {
        LossCurve wobbling = new LossCurve(List.of(1L, 2L, 3L, 4L), List.of(4.0, 2.0, 3.0, 1.0));

        assertThat(wobbling.reaches(2).orElseThrow()).isEqualTo(2, within(1e-9));
    }

    @Test
    void averagesOverTheStepsThatAllHave() {
        LossCurve shorter = new LossCurve(List.of(100L, 200L), List.of(1.0, 1.0));

        LossCurve mean = LossCurve.mean(List.of(curve, shorter));

        assertThat(mean).isEqualTo(new LossCurve(List.of(100L, 200L), List.of(2.0, 1.5)));
    }

    @Test
    void doesNotAverageOverDifferentSteps() {
        LossCurve other = new LossCurve(List.of(50L, 100L, 150L), List.of(1.0, 1.0, 1.0));

        assertThatThrownBy(() -> LossCurve.mean(List.of(curve, other)))
                .hasMessageContaining("different steps");
    }
}
