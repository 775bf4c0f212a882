package io.sluice.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrendTest {

    @Test
    void aLineIsFoundWithoutError() {
        Trend trend = Trend.of(List.of(1.0, 3.0, 5.0, 7.0));

        assertThat(trend.slope()).isEqualTo(2, within(1e-12));
        assertThat(trend.error()).isEqualTo(0, within(1e-12));
        assertThat(trend.mean()).isEqualTo(4);
        assertThat(trend.growth()).isEqualTo(6, within(1e-12));
        assertThat(trend.isFlat()).isFalse();
    }

    @Test
    void theErrorIsTheTextbooks() {
        // Residuals -0.5, 0.5, 0.5, -0.5 around the slope 1; squares of the places sum to 5.
        Trend trend = Trend.of(List.of(0.5, 2.5, 3.5, 3.5));

        assertThat(trend.slope()).isEqualTo(1, within(1e-12));
        assertThat(trend.error()).isEqualTo(Math.sqrt(1.0 / 2 / 5), within(1e-12));
    }

    @Test
    void whatOnlyWaversIsFlatAndSoIsWhatShrinks() {
        assertThat(Trend.of(List.of(10.0, 12.0, 9.0, 11.0, 12.0, 10.0)).isFlat()).isTrue();
        assertThat(Trend.of(List.of(10.0, 8.0, 6.0, 4.0)).isFlat()).isTrue();
    }

    @Test
    void growthByAFewPercentIsFlatAndBeyondThatIsNot() {
        assertThat(Trend.of(List.of(100.0, 101.0, 102.0, 103.0)).isFlat()).isTrue();
        assertThat(Trend.of(List.of(100.0, 103.0, 106.0, 109.0)).isFlat()).isFalse();
    }

    @Test
    void twoValuesHaveNoTrend() {
        assertThatThrownBy(() -> Trend.of(List.of(1.0, 2.0)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
