package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class MixtureOptionsTest {

    private final MixtureOptions defaults = MixtureOptions.of("broker:9092");

    @Test
    void defaultsAreAsDocumented() {
        assertThat(defaults.kafka()).containsOnlyKeys("bootstrap.servers");
        assertThat(defaults.topicPrefix()).isEqualTo("sluice.");
        assertThat(defaults.group()).isEqualTo("sluice-mixture");
        assertThat(defaults.holdTime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(defaults.idleTime()).isEqualTo(Duration.ofDays(30));
        assertThat(defaults.bufferTimeout()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void theBrokersMustBeNamed() {
        assertThatThrownBy(() -> with(new Properties(), Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("bootstrap.servers is missing: give the brokers' addresses");
    }

    @Test
    void theHoldTimeMustBePositive() {
        for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
            assertThatThrownBy(() -> with(defaults.kafka(), wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the hold time " + wrong + " is not positive");
        }
    }

    @Test
    void theIdleTimeMustBeAboveTheHoldTime() {
        assertThatThrownBy(() -> defaults.withIdleTime(Duration.ofMinutes(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the idle time PT5M is not above the hold time PT5M");
    }

    @Test
    void theJobReadsFourTopicsAndNeedsAllButTheSeals() {
        assertThat(defaults.inputs())
                .containsExactly(
                        "sluice.runs", "sluice.telemetry", "sluice.acks", "sluice.control");
        assertThat(defaults.topics())
                .containsAll(defaults.inputs())
                .hasSize(Topic.values().length - 1)
                .doesNotContain("sluice.seals");
    }

    private MixtureOptions with(Properties kafka, Duration holdTime) {
        return new MixtureOptions(
                kafka, "p.", "g", holdTime, Duration.ofDays(30), Duration.ofMillis(1));
    }
}
