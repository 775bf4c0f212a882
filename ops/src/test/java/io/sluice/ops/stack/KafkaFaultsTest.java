package io.sluice.ops.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

final class KafkaFaultsTest {

    @Test
    void theDeepestReasonIsToldWithoutTheValuesOfSettings() {
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", "broker:9092");
        settings.setProperty("ssl.key.password", "sesame!");
        Exception failure =
                new IllegalStateException(
                        "outer", new IllegalArgumentException("broker:9092 refuses 'sesame!'"));
        assertThat(KafkaFaults.reason(failure, settings))
                .isEqualTo("broker:9092 refuses '(the value of ssl.key.password)'");
    }

    @Test
    void aValueThatStandsInALongerOneDoesNotUncoverIt() {
        Properties settings = new Properties();
        settings.setProperty("client.id", "trainer");
        String jaas = "Module required username=\"trainer\" password=\"sesame\";";
        settings.setProperty("sasl.jaas.config", jaas);

        assertThat(KafkaFaults.reason(new IllegalArgumentException("bad: " + jaas), settings))
                .isEqualTo("bad: (the value of sasl.jaas.config)");
    }
}
