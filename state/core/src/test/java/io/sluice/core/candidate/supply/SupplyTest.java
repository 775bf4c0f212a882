package io.sluice.core.candidate.supply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SupplyTest {

    @Test
    void aSteadyStreamIsMeasuredAtItsRate() {
        ArrivalRate rate = ArrivalRate.NONE;
        for (int second = 1; second <= 6_000; second++) {
            rate = rate.arrived(250, 1_000L * second);
        }
        assertThat(rate.perSecond()).isCloseTo(250, within(1.0));
        assertThat(rate.at(6_600_000)).isCloseTo(250 / Math.E, within(1.0));
    }

    @Test
    void aClockThatGoesBackDoesNotRaiseTheRate() {
        ArrivalRate rate = ArrivalRate.NONE.arrived(600, 10_000);
        assertThat(rate.at(5_000)).isEqualTo(rate.perSecond());
        assertThat(rate.arrived(600, 5_000)).isEqualTo(new ArrivalRate(2, 10_000));
    }

    @Test
    void epochsAreDrawnTokensOverUniqueOnes() {
        assertThat(new SupplyForecast(1_000, 2_500, 0).epochs()).hasValue(2.5);
        assertThat(new SupplyForecast(0, 0, 0).epochs()).isEmpty();
    }

    @Test
    void theForecastCountsWithWhatArrives() {
        assertThat(new SupplyForecast(1_000, 500, 0).timeUntil(1, 10)).hasValue(50);
        assertThat(new SupplyForecast(1_000, 500, 5).timeUntil(1, 10)).hasValue(100);
        assertThat(new SupplyForecast(1_000, 500, 10).timeUntil(1, 10)).isEmpty();
        assertThat(new SupplyForecast(1_000, 4_000, 10).timeUntil(4, 1)).hasValue(0);
    }

    @Test
    void suppliesThatCannotBeAreRefused() {
        assertThatThrownBy(() -> new SupplyForecast(-1, 0, 0)).hasMessageContaining("-1 unique");
        assertThatThrownBy(() -> new SupplyForecast(0, 0, Double.NaN)).hasMessageContaining("NaN");
    }
}
