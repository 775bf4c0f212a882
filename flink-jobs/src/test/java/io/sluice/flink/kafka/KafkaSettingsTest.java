package io.sluice.flink.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.flink.kafka.KafkaSettings.InvalidSettingException;
import io.sluice.flink.mixture.MixtureOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KafkaSettingsTest {

    @TempDir private Path folder;

    @Test
    void aSettingWinsOverTheFileAndTheAddressOverBoth() throws IOException {
        Path file = folder.resolve("client.properties");
        Files.writeString(
                file,
                "bootstrap.servers=elsewhere:1\nsecurity.protocol=SASL_SSL\nsasl.mechanism=PLAIN\n");
        Properties settings =
                KafkaSettings.of(Optional.of(file), List.of("sasl.mechanism=SCRAM-SHA-512"), "b:2");
        assertThat(settings)
                .hasSize(3)
                .containsEntry("bootstrap.servers", "b:2")
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512");
    }

    @Test
    void noMessageRepeatsAValue() {
        assertThatThrownBy(
                        () -> KafkaSettings.of(Optional.empty(), List.of("a=b", "sesame"), "b:2"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("number 2")
                .hasMessageNotContaining("sesame");
        Properties settings =
                KafkaSettings.of(Optional.empty(), List.of("ssl.key.password=sesame"), "b:2");
        assertThat(MixtureOptions.of(settings).toString())
                .contains("ssl.key.password")
                .doesNotContain("sesame");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path missing = folder.resolve("nowhere.properties");
        assertThatThrownBy(() -> KafkaSettings.of(Optional.of(missing), List.of(), "b:2"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(missing.toString());
        Path broken = Files.writeString(folder.resolve("broken.properties"), "key=\\uXYZW sesame");
        assertThatThrownBy(() -> KafkaSettings.of(Optional.of(broken), List.of(), "b:2"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageNotContaining("sesame");
    }

    @Test
    void theAddressMustBeNamed() {
        assertThatThrownBy(() -> KafkaSettings.of(Optional.empty(), List.of(), " "))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("--bootstrap");
    }
}
