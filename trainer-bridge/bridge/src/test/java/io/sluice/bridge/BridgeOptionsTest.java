package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.pool.PoolOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BridgeOptionsTest {

    private final BridgeOptions options = BridgeOptions.of("localhost:9092", Path.of("state"));

    @Test
    void theDefaultsAreThese() {
        assertThat(options)
                .isEqualTo(
                        new BridgeOptions(
                                Map.of("bootstrap.servers", "localhost:9092"),
                                "sluice.",
                                Path.of("state"),
                                "rank-0",
                                4,
                                5,
                                8,
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(10),
                                0,
                                Optional.empty()));
    }

    @Test
    void eachChangeChangesOneThing() {
        assertThat(
                        options.withKafka(Map.of("bootstrap.servers", "other:1"))
                                .withTopicPrefix("p.")
                                .withReporter("r")
                                .withQueueRounds(1)
                                .withLeaseSteps(2)
                                .withDrawsPerStep(3)
                                .withTimeouts(
                                        Duration.ofMillis(4),
                                        Duration.ofMillis(5),
                                        Duration.ofMillis(6))
                                .withFallBackSteps(7)
                                .withPool(PoolOptions.of("books")))
                .isEqualTo(
                        new BridgeOptions(
                                Map.of("bootstrap.servers", "other:1"),
                                "p.",
                                Path.of("state"),
                                "r",
                                1,
                                2,
                                3,
                                Duration.ofMillis(4),
                                Duration.ofMillis(5),
                                Duration.ofMillis(6),
                                7,
                                Optional.of(PoolOptions.of("books"))));
    }

    @Test
    void whatCannotWorkIsRefusedByName() {
        assertThatThrownBy(() -> options.withKafka(Map.of()))
                .hasMessageContaining("bootstrap.servers");
        assertThatThrownBy(() -> options.withReporter("")).hasMessageContaining("reporter");
        assertThatThrownBy(() -> options.withQueueRounds(0)).hasMessageContaining("queue rounds");
        assertThatThrownBy(() -> options.withLeaseSteps(0)).hasMessageContaining("lease steps");
        assertThatThrownBy(() -> options.withFallBackSteps(-1)).hasMessageContaining("fallback");
        assertThatThrownBy(() -> options.withDrawsPerStep(0))
                .hasMessageContaining("draws per step");
        assertThatThrownBy(
                        () ->
                                options.withTimeouts(
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1)))
                .hasMessageContaining("shorter than the answer timeout");
        assertThatThrownBy(
                        () ->
                                options.withTimeouts(
                                        Duration.ZERO,
                                        Duration.ofSeconds(1),
                                        Duration.ofSeconds(1)))
                .hasMessageContaining("answer timeout");
    }

    @Test
    void passwordsAreNotShown() {
        BridgeOptions options =
                BridgeOptions.of("localhost:9092", Path.of("state"))
                        .withKafka(
                                Map.of(
                                        "bootstrap.servers",
                                        "localhost:9092",
                                        "ssl.key.password",
                                        "open sesame"));
        assertThat(options.toString()).contains("ssl.key.password").doesNotContain("sesame");
    }
}
