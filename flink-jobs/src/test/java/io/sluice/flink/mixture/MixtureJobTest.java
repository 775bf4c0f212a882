package io.sluice.flink.mixture;

import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF;
import static org.apache.flink.configuration.RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

final class MixtureJobTest {

    private final Configuration settings = MixtureJob.settings();

    @Test
    void oneFailureNeverCostsHalfAMinute() {
        assertThat(settings.get(RESTART_STRATEGY)).isEqualTo("exponential-delay");
        assertThat(settings.get(RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF))
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(settings.get(RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD))
                .isLessThanOrEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void aJobThatOnlyFailsOutlivesAnOutageOfAnHourAndGivesUpInTheEnd() {
        Duration longest = settings.get(RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF);
        int attempts = settings.get(RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS);
        assertThat(longest.multipliedBy(attempts))
                .isBetween(Duration.ofHours(1), Duration.ofHours(4));
    }
}
