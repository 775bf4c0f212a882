package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Properties;
import java.util.Set;
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
                .hasSize(8)
                .doesNotContain("sluice.seals");
    }

    @Test
    void recordsToSkipAreNamedAsTheJobNamesThem() {
        assertThat(defaults.withSkipped(Set.of("sluice.telemetry:0:17")).skipped())
                .containsExactly("sluice.telemetry:0:17");
        for (String wrong : new String[] {"17", "a:b:c", "sluice.telemetry:0", "t:0:17:1", ""}) {
            assertThatThrownBy(() -> defaults.withSkipped(Set.of(wrong)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "'")
                    .hasMessageContaining("TOPIC:PARTITION:OFFSET");
        }
    }

    private MixtureOptions with(Properties kafka, Duration holdTime) {
        return new MixtureOptions(
                kafka, "p.", "g", holdTime, Duration.ofDays(30), Duration.ofMillis(1), Set.of());
    }
}
