package io.sluice.ops.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ops.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong at the keyboard is told in one line that names the thing and the remedy. */
final class BadInputTest {

    /** An exit code and what was written to standard error. */
    private record Outcome(int code, String error) {}

    @ParameterizedTest
    @CsvSource({
        "demo --stepz 5, --stepz",
        "demo --steps many, --steps",
        "demo --steps 0, --steps",
        "demo --seed 1.5, --seed",
        "demo --policy magic, dga",
        "demo --page-port 70000, 65535",
        "bench, loop-latency",
        "bench loop-latency --groups 1, --groups",
        "bench solver --programs 1, --programs",
        "bench policies --steps 0, --steps",
        "bench sampler --draws 1, --draws",
        "policies magic, dga",
        "policy-step --policy dga, --in",
        "policy-step --in f.json, --policy",
        "policy-step --policy dga --in f.json -o eta=fast, fast",
        "simulate --policy dga, --scenario",
        "simulate --scenario S9 --policy dga, S1 to S5",
        "simulate --scenario S1 --policy magic, dga",
        "simulate --scenario S1 --policy dga -o etta=1, etta",
        "simulate --scenario S1 --policy dga --seeds 0, --seeds",
        "simulate --scenario S1 --policy dga --plot f.png, .svg",
        "bench quality --setting tiny, small",
        "bench quality --seeds 0, --seeds",
        "bench quality --regimes rich, abundant",
        "bench quality --policies magic, dga",
        "bench quality --policies dga:eta, dga:eta",
        "bench quality --policies dga:eta=-1, eta",
        "bench quality --policies dga:mood=1, mood",
        "bench quality --policies dga:signal-decay=2, signal decay",
        "bench quality --policies dga:target-rows=400, target-rows",
        "bench quality --policies aioli, aioli",
        "validate, FILE",
        "validate run.yaml --output xml, table",
        "up --kafka-port 70000, 65535",
        "up --parallelism 0, --parallelism",
        "topics, create",
        "topics create, --bootstrap",
        "topics create --bootstrap b:1 --partitions 0, --partitions",
        "topics create --bootstrap b:1 --kafka secret, KEY=VALUE",
        "topics create --bootstrap b:1 --kafka-properties nowhere, nowhere",
        "job, submit",
        "job submit --bootstrap b:1, --flink",
        "job submit --bootstrap b:1 --flink flink:8081, http://flink:8081",
        "job submit --bootstrap b:1 --flink http://f --parallelism 241, 240",
        "job submit --bootstrap b:1 --flink http://f --job-id 17, hexadecimal",
        "bridge --bootstrap b:1, --run",
        "bridge --bootstrap b:1 --run r --port 1, --token-file",
        "bridge --bootstrap b:1 --run r --reporter '', --reporter",
        "dance, dance",
    })
    void wrongUsageIsOneLineAndExitCode2(String commandLine, String named) {
        Outcome outcome = run(commandLine.split(" "));
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.error().strip().lines()).hasSize(1);
        assertThat(outcome.error()).startsWith("error: ").contains(named).contains("--help");
    }

    @Test
    void noCommandAtAllIsWrongUsage() {
        assertThat(run().code()).isEqualTo(2);
    }

    @Test
    void aMissingCorpusIsNamed(@TempDir Path folder) {
        failsWith(folder, "manifest.json", "--corpus", folder.resolve("nowhere").toString());
    }

    @Test
    void anEmptyCorpusFileIsNamed(@TempDir Path folder) throws IOException {
        Path corpus = corpus(folder);
        Files.write(corpus.resolve("a.txt.gz"), new byte[0]);
        failsWith(folder, "a.txt.gz", "--corpus", corpus.toString());
    }

    @Test
    void aMissingCorpusFileIsNamed(@TempDir Path folder) throws IOException {
        failsWith(folder, "a.txt.gz is missing", "--corpus", corpus(folder).toString());
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        failsWith(folder, "--state", "--state", file.resolve("state").toString());
    }

    @Test
    void aFolderWithOtherFilesIsNotEmptied(@TempDir Path folder) throws IOException {
        Path precious = Files.writeString(folder.resolve("thesis.txt"), "years of work");
        failsWith(folder, "not of './sluice demo'", "--state", folder.toString());
        assertThat(precious).exists();
    }

    @Test
    void aBusyPortIsNamed(@TempDir Path folder) throws IOException {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(busy.getLocalPort());
            failsWith(
                    folder,
                    port,
                    "--page-port",
                    port,
                    "--state",
                    folder.resolve("state").toString());
        }
    }

    @Test
    void aJsonFileThatCannotBeWrittenIsNamedBeforeTheWork(@TempDir Path folder) {
        failsWith(
                folder,
                "figures.json",
                "--json",
                folder.resolve("nowhere/figures.json").toString());
    }

    @Test
    void aBadRunFileIsExitCode3WithALineForEachProblem(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), "run: my run\nseed: x\n");
        for (String[] commandLine :
                new String[][] {
                    {"validate", file.toString()},
                    {"up", "--run", file.toString()},
                    {"bridge", "--bootstrap", "127.0.0.1:1", "--run", file.toString()},
                }) {
            Outcome outcome = run(commandLine);
            assertThat(outcome.code()).as(outcome.error()).isEqualTo(3);
            assertThat(outcome.error().lines())
                    .hasSize(4)
                    .anyMatch(line -> line.startsWith(file + ":1:6: key 'run' is 'my run'"))
                    .anyMatch(line -> line.startsWith(file + ":2:7: key 'seed' is 'x'"))
                    .anyMatch(line -> line.equals("error: 3 problems in the run file"));
        }
    }

    @Test
    void aGoodRunFileIsExitCode0(@TempDir Path folder) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("run.yaml"), "run: r\ngroups: {a: }\ntargets: {t: }\n");
        assertThat(run("validate", file.toString())).isEqualTo(new Outcome(0, ""));
    }

    @Test
    void aSecretAmongTheSettingsIsNeverRepeated() {
        Outcome outcome =
                run(
                        "topics",
                        "create",
                        "--bootstrap",
                        "127.0.0.1:1",
                        "--kafka",
                        "security.protocol=sesame");
        assertThat(outcome.code()).isEqualTo(1);
        assertThat(outcome.error())
                .contains("security.protocol", "--kafka")
                .doesNotContain("sesame");
    }

    @Test
    void tooLittleMemoryIsToldBeforeTheWork() {
        assertThatThrownBy(() -> Memory.check("the demo", 2500, OptionalLong.of(900)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("2500 MiB")
                .hasMessageContaining("900");
        Memory.check("the demo", 2500, OptionalLong.of(2500));
        Memory.check("the demo", 2500, OptionalLong.empty());
    }

    @Test
    void verboseShowsWhereItHappened(@TempDir Path folder) {
        Outcome outcome =
                run("demo", "--verbose", "--corpus", folder.resolve("nowhere").toString());
        assertThat(outcome.error()).contains("at io.sluice");
    }

    /**
     * Runs the demo with the shipped corpus and a fresh folder, but for what {@code options} say.
     */
    private static void failsWith(Path folder, String named, String... options) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("--corpus", "../ops/corpus");
        all.put("--state", folder.resolve("demo-state").toString());
        all.put("--steps", "1");
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        List<String> commandLine = new ArrayList<>(List.of("demo"));
        all.forEach((name, value) -> commandLine.addAll(List.of(name, value)));
        Outcome outcome = run(commandLine.toArray(new String[0]));
        assertThat(outcome.code()).as(outcome.error()).isEqualTo(1);
        assertThat(outcome.error().lines().filter(line -> line.startsWith("error: "))).hasSize(1);
        assertThat(outcome.error()).contains(named).doesNotContain("\tat ");
    }

    private static Path corpus(Path folder) throws IOException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        Files.writeString(
                corpus.resolve("manifest.json"),
                """
                {"name": "toy",
                 "groups": [{"id": "a", "poor": false, "prior": 1.0, "file": "a.txt.gz", "sha256": "00"}],
                 "targets": [{"id": "t", "weight": 1.0, "dev": "t.gz", "test": "t.gz",
                              "devSha256": "00", "testSha256": "00"}]}
                """);
        return corpus;
    }

    private static Outcome run(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        try {
            int code = SluiceCommand.execute(arguments);
            return new Outcome(code, error.toString(StandardCharsets.UTF_8));
        } finally {
            System.setErr(before);
        }
    }
}
