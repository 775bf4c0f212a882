package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KafkaLogTest {

    @TempDir Path folder;

    @Test
    void aSettingThatCanNeverWorkIsRefusedAtOnce() {
        BridgeOptions options =
                TestingRuns.options(folder)
                        .withKafka(
                                Map.of(
                                        "bootstrap.servers",
                                        "localhost:1",
                                        "security.protocol",
                                        "nonsense"));
        assertThatThrownBy(() -> new KafkaLog(options))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("security.protocol");
    }

    @Test
    void withoutABrokerEveryCallFailsWithinItsLimit() {
        KafkaLog log = new KafkaLog(TestingRuns.options(folder));
        assertThatThrownBy(() -> log.missing(Set.of("sluice.runs")))
                .isInstanceOf(KafkaException.class);
        assertThatThrownBy(() -> log.ends("sluice.plans")).isInstanceOf(KafkaException.class);
        assertThat(log.append("sluice.runs", "run", new byte[1]))
                .failsWithin(Duration.ofMinutes(1));
        log.close(Duration.ofSeconds(1));
        log.close(Duration.ofSeconds(1));
        assertThat(log.append("sluice.runs", "run", new byte[1])).isCompletedExceptionally();
    }

    @Test
    void aTrainerTrainsWithoutABroker() {
        BridgeOptions options =
                TestingRuns.options(folder)
                        .withTimeouts(
                                Duration.ofMillis(100),
                                Duration.ofMillis(100),
                                Duration.ofMillis(100));
        try (Bridge bridge = Bridge.open(options, TestingRuns.declaration(), BridgeListener.NONE);
                TrainerSession session = bridge.start()) {
            for (long step = session.resumeStep(); step < 20; step++) {
                for (GroupId group : session.plan(step).draws()) {
                    session.record(TestingRuns.observation(Subject.of(group), 1));
                }
                session.endStep(step, 0.1);
            }
            assertThat(bridge.metrics().scrape())
                    .contains("sluice_rounds_total 5.0", "sluice_attempt -1.0");
        }
    }
}
