package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class MixtureArgumentsTest {

    @Test
    void onlyTheAddressIsNeeded() {
        MixtureOptions options = MixtureArguments.parse("--bootstrap", "broker:9092");
        assertThat(options).isEqualTo(MixtureOptions.of("broker:9092"));
    }

    @Test
    void everyOptionGetsWhereItBelongs() {
        MixtureOptions options =
                MixtureArguments.parse(
                        "--kafka",
                        "security.protocol=SSL",
                        "--bootstrap",
                        "broker:9092",
                        "--prefix",
                        "p.",
                        "--group",
                        "g",
                        "--kafka",
                        "client.dns.lookup=a=b",
                        "--skip",
                        "p.telemetry:0:17",
                        "--skip",
                        "p.telemetry:1:4");
        assertThat(options.topicPrefix()).isEqualTo("p.");
        assertThat(options.group()).isEqualTo("g");
        assertThat(options.skipped())
                .containsExactlyInAnyOrder("p.telemetry:0:17", "p.telemetry:1:4");
        assertThat(options.kafka())
                .containsEntry("bootstrap.servers", "broker:9092")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("client.dns.lookup", "a=b");
    }

    @Test
    void whatIsWrongIsNamedWithTheUsage() {
        refuses("--bootstrap is missing", "--prefix", "p.");
        refuses("--prefix has no value", "--bootstrap", "broker:9092", "--prefix");
        refuses("no option '--prefx'", "--bootstrap", "broker:9092", "--prefx", "p.");
    }

    private static void refuses(String named, String... arguments) {
        assertThatThrownBy(() -> MixtureArguments.parse(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named)
                .hasMessageContaining("--bootstrap HOST:PORT");
    }
}
