package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.StepPlan;
import io.sluice.bridge.TrainerSession;
import io.sluice.core.domain.RunSpec;
import io.sluice.ops.UserException;
import io.sluice.ops.run.RunFile;
import io.sluice.ops.up.Up;
import io.sluice.ops.up.UpOptions;
import io.sluice.schemas.Decision;
import io.sluice.schemas.Topic;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A local Sluice that is stopped and started again in one folder. */
final class UpIT {

    private static final int ROUNDS = 4;

    @Test
    void aSecondLifeGoesOnWithTheAttemptThatTheFirstOneLeft(@TempDir Path folder) throws Exception {
        RunSpec spec = KnownRun.spec("up-twice", "dga");
        ScriptedTrainer trainer = new ScriptedTrainer(spec, KnownRun.COSINES, 1);
        Plans plans = new Plans();
        Up first = Up.start(options(folder, Optional.empty(), 0));
        int port = port(first.bootstrap());
        assertThat(first.restoredFrom()).isEmpty();
        try (Bridge bridge = Bridge.open(bridgeOptions(first, folder), spec, plans);
                TrainerSession session = bridge.start()) {
            plans.awaitAttempt();
            StepPlan before = train(trainer, session, plans, 0);
            assertThatThrownBy(() -> Up.start(options(folder, Optional.empty(), 0)))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("another './sluice up' runs in");
            first.close();

            try (Up second = Up.start(options(folder, Optional.of(runFile(folder)), port))) {
                assertThat(second.restoredFrom()).isPresent();
                StepPlan after = train(trainer, session, plans, ROUNDS);
                assertThat(after.version()).isGreaterThan(before.version());
                assertThat(after.mixture().weight(KnownRun.HELPS))
                        .isGreaterThan(before.mixture().weight(KnownRun.HELPS));

                // A job that had lost its state would have read the topics again, and decided
                // again.
                assertThat(decisions(second, spec, 2 * ROUNDS))
                        .extracting(Decision::getRound)
                        .containsExactlyElementsOf(
                                LongStream.range(0, 2 * ROUNDS).boxed().toList());
                assertThat(get(second.bridge().orElseThrow().socket().orElseThrow(), "/v1/run"))
                        .startsWith("HTTP/1.1 200")
                        .contains("\"up-daemon\"")
                        .contains(folder.resolve("web.txt").toString());
            }
            assertThat(plans.refused).isEmpty();
        }
    }

    private static StepPlan train(
            ScriptedTrainer trainer, TrainerSession session, Plans plans, int fromRound)
            throws InterruptedException {
        StepPlan last = null;
        long from = (long) fromRound * KnownRun.ROUND_STEPS;
        for (long step = from; step < from + ROUNDS * KnownRun.ROUND_STEPS; step++) {
            last = trainer.step(session, step);
            if ((step + 1) % KnownRun.ROUND_STEPS == 0) {
                plans.await();
            }
        }
        return last;
    }

    private static List<Decision> decisions(Up up, RunSpec spec, int count) {
        Properties client = new Properties();
        client.setProperty("bootstrap.servers", up.bootstrap());
        return TopicReader.read(
                client, Topic.DECISIONS, Decision.class, found -> found.size() >= count);
    }

    private static Path runFile(Path folder) throws IOException {
        Files.writeString(folder.resolve("web.txt"), "text");
        return Files.writeString(
                folder.resolve("run.yaml"),
                """
                run: up-daemon
                groups: {web: {data: {files: web.txt}}}
                targets: {held_out: {}}
                """);
    }

    private static UpOptions options(Path folder, Optional<Path> run, int port) {
        return new UpOptions(
                folder.resolve("state"),
                run.map(RunFile::read),
                port,
                folder.resolve("socket/bridge.sock"),
                1,
                Optional.empty());
    }

    private static BridgeOptions bridgeOptions(Up up, Path folder) {
        return BridgeOptions.of(up.bootstrap(), folder.resolve("bridge"))
                .withDrawsPerStep(KnownRun.DRAWS)
                .withLeaseSteps(2);
    }

    private static int port(String bootstrap) {
        return Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
    }

    private static String get(Path socket, String path) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            String request =
                    "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            while (channel.read(buffer) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
                buffer.clear();
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }
}
