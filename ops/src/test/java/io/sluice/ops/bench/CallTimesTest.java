package io.sluice.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class CallTimesTest {

    @Test
    void aPercentileIsTheSmallestDurationThatTheShareDoesNotExceed() {
        CallTimes times = new CallTimes(200);
        for (int i = 100; i >= 1; i--) {
            times.add(i * 1_000L);
        }

        assertThat(times.percentileMicros(0.5)).isEqualTo(50);
        assertThat(times.percentileMicros(0.99)).isEqualTo(99);
        assertThat(times.percentileMicros(0.991)).isEqualTo(100);
        assertThat(times.percentileMicros(1)).isEqualTo(100);
    }

    @Test
    void theMeanIsOverThoseThatWereTaken() {
        CallTimes times = new CallTimes(10);
        times.add(500);
        times.add(2_500);

        assertThat(times.meanMicros()).isEqualTo(1.5);
    }

    @Test
    void saysNothingOfNoCalls() {
        assertThatThrownBy(() -> new CallTimes(1).meanMicros())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new CallTimes(1).percentileMicros(0.5))
                .isInstanceOf(IllegalStateException.class);
    }
}
