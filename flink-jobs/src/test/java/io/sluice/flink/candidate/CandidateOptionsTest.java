package io.sluice.flink.candidate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.core.candidate.admission.AdmissionOptions;
import io.sluice.core.candidate.dedup.MinHashOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CandidateOptionsTest {

    private final CandidateOptions defaults = CandidateArguments.parse("--bootstrap", "b:1");

    @Test
    void theDefaultsAreThoseOfTheCore() {
        assertThat(defaults.minHash()).isEqualTo(MinHashOptions.DEFAULT);
        assertThat(defaults.admission()).isEqualTo(AdmissionOptions.DEFAULT);
        assertThat(defaults.overlap()).isEqualTo(1);
        assertThat(defaults.remember()).isEqualTo(Duration.ofDays(90));
        assertThat(defaults.supplyInterval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void argumentsSetWhatTheyName() {
        CandidateOptions options =
                CandidateArguments.parse(
                        "--bootstrap",
                        "b:1",
                        "--prefix",
                        "p.",
                        "--group",
                        "g",
                        "--set",
                        "bands=6",
                        "--set",
                        "near=0.9",
                        "--kafka",
                        "security.protocol=SSL");
        assertThat(options.topicPrefix()).isEqualTo("p.");
        assertThat(options.group()).isEqualTo("g");
        assertThat(options.minHash().bands()).isEqualTo(6);
        assertThat(options.minHash().threshold()).isEqualTo(0.9);
        assertThat(options.kafka().getProperty("security.protocol")).isEqualTo("SSL");
        assertThat(options.topics()).allMatch(topic -> topic.startsWith("p."));
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        assertThatThrownBy(() -> CandidateArguments.parse("--set", "bands=6"))
                .hasMessageContaining("--bootstrap is missing");
        assertThatThrownBy(() -> CandidateArguments.parse("--bootstrap", "b:1", "--set", "bands"))
                .hasMessageContaining("--set bands is not NAME=NUMBER");
        assertThatThrownBy(() -> CandidateArguments.parse("--what", "b:1"))
                .hasMessageContaining("no option '--what'");
        assertThatThrownBy(() -> defaults.with(Map.of("band", 3.0)))
                .hasMessageContaining("no setting 'band'")
                .hasMessageContaining("bands");
        assertThatThrownBy(() -> defaults.with(Map.of("remember-days", Double.NaN)))
                .hasMessageContaining("remember-days NaN");
        assertThatThrownBy(() -> defaults.with(Map.of("overlap", 0.0)))
                .hasMessageContaining("overlap 0.0");
    }

    @Test
    void whatIsCountedIsAWholeNumber() {
        for (String key :
                List.of(
                        "shingle-words",
                        "hashes",
                        "bands",
                        "rows",
                        "overlap",
                        "wanted-tokens",
                        "warm-up-documents")) {
            for (double value : new double[] {4.5, Double.NaN, 1e300}) {
                assertThatThrownBy(() -> defaults.with(Map.of(key, value)))
                        .hasMessageContaining(key + ' ' + value)
                        .hasMessageContaining("whole number");
            }
        }
    }

    @Test
    void secretsDoNotShow() {
        CandidateOptions options =
                CandidateArguments.parse("--bootstrap", "b:1", "--kafka", "ssl.key.password=hush");
        assertThat(options.toString()).contains("ssl.key.password").doesNotContain("hush");
    }

    @Test
    void everySettingStandsInTheDocumentationWithItsDefault() throws IOException {
        String page = Files.readString(Path.of("../docs/candidates.md"));
        for (CandidateSetting setting : CandidateSetting.values()) {
            String number = plain(setting.fallback());
            assertThat(page)
                    .contains(
                            "| `"
                                    + setting.key()
                                    + "` | "
                                    + number
                                    + " | "
                                    + setting.description()
                                    + " |");
        }
    }

    private static String plain(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }
}
