package io.sluice.ops.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatenciesTest {

    @Test
    void aPercentileIsTheSmallestDurationThatTheShareDoesNotExceed() {
        Latencies latencies = new Latencies();
        for (long millis = 100; millis >= 1; millis--) {
            latencies.add(millis * 1_000_000);
        }
        assertThat(latencies.percentileMillis(0.5)).isEqualTo(50);
        assertThat(latencies.percentileMillis(0.99)).isEqualTo(99);
        assertThat(latencies.percentileMillis(1)).isEqualTo(100);
    }

    @Test
    void withoutDurationsThereIsNothingToTell() {
        assertThat(new Latencies().percentileMillis(0.5)).isZero();
    }
}
