package io.sluice.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong when a person looks at the log is told in one line, on standard error. */
final class InspectBadInputTest {

    private static final int USAGE = 2;
    private static final int UNREACHABLE = 4;

    /** An exit code, and what was written to standard output and standard error. */
    private record Outcome(int code, String result, String error) {}

    @ParameterizedTest
    @CsvSource({
        "status --output xml, --output",
        "status --timeout 0, --timeout",
        "status --kafka security.protocol, KEY=VALUE",
        "watch --every 0, --every",
        "watch --looks -1, --looks",
        "history, --run",
        "history --run r --last 0, --last",
        "explain --run r, STEP",
        "explain soon --run r, STEP",
        "explain -5 --run r, -5",
        "explain 5, --run",
        "explain 5 --run r --top 0, --top",
        "decode, TOPIC",
        "decode plans --count 0, --count",
        "decode plans --offset 5, --partition",
        "decode plans --partition -1, --partition",
        "decode plans --output xml, --output",
        "rejects lost, lost",
        "rejects --last 0, --last",
        "rejects list --reason BORED, --reason",
        "rejects list --last many, --last",
    })
    void wrongUsageIsOneLineAndExitCode2(String commandLine, String named) {
        Outcome outcome = run(commandLine.split(" "));
        assertThat(outcome.code()).as(outcome.error()).isEqualTo(USAGE);
        assertThat(outcome.error().strip().lines()).hasSize(1);
        assertThat(outcome.error()).startsWith("error: ").contains(named).contains("--help");
        assertThat(outcome.result()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "watch",
                "history --run r",
                "explain 5 --run r",
                "decode plans",
                "decode plans --partition 0 --offset 0",
                "decode plans --output table",
                "rejects",
                "rejects list",
            })
    void brokersThatDoNotAnswerAreNamedWithAnExitCodeOfTheirOwn(String commandLine)
            throws IOException {
        String nobody = "127.0.0.1:" + closedPort();
        Outcome outcome = run((commandLine + " --timeout 1 --bootstrap " + nobody).split(" "));
        assertThat(outcome.code()).as(outcome.error()).isEqualTo(UNREACHABLE);
        assertThat(outcome.error().strip().lines()).hasSize(1);
        assertThat(outcome.error()).contains(nobody, "--bootstrap");
        assertThat(outcome.result()).isEmpty();
    }

    @Test
    void aSettingThatKafkaDoesNotTakeIsNamedAndItsValueIsNot() {
        Outcome outcome = run("status", "--kafka", "security.protocol=hunter22");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.error())
                .startsWith("error: no Kafka client")
                .contains("security.protocol")
                .doesNotContain("hunter22");
    }

    @Test
    void aMissingFileOfKafkaSettingsIsNamed(@TempDir Path folder) {
        Path file = folder.resolve("client.properties");
        Outcome outcome = run("status", "--kafka-properties", file.toString());
        assertThat(outcome.code()).isEqualTo(USAGE);
        assertThat(outcome.error()).contains("client.properties");
        assertThat(Files.exists(file)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "watch",
                "history",
                "explain",
                "decode",
                "rejects",
                "rejects list"
            })
    void helpShowsExamples(String command) {
        Outcome outcome = run((command + " --help").split(" "));
        assertThat(outcome.code()).isZero();
        assertThat(outcome.result())
                .contains(
                        "Examples:", "./sluice " + command, "127.0.0.1:9092", "--kafka-properties");
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Outcome run(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        System.setOut(new PrintStream(result, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        try {
            int code = SluiceCommand.execute(arguments);
            return new Outcome(
                    code,
                    result.toString(StandardCharsets.UTF_8),
                    error.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }
}
