package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.candidates.CatalogLog;
import io.sluice.ops.stack.LocalStack;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bridge's document pool on a real broker, in a process that is killed while documents arrive.
 */
@ExtendWith(StackExtension.class)
@Timeout(900)
final class PoolIT {

    private static final String PREFIX = "pool.";
    private static final String CATALOG = "books";
    private static final int DOCUMENTS = 600;
    private static final int LIVES = 3;

    @TempDir Path folder;

    @Test
    void aBridgeThatIsKilledInTheMiddleOfAStreamSkipsAndRepeatsNoDocument(LocalStack stack)
            throws Exception {
        Topics.create(stack.client(), PREFIX, 2, (short) 1);
        List<String> drawn = new ArrayList<>();
        try (CatalogLog log = new CatalogLog(stack.client(), PREFIX)) {
            int sent = 0;
            for (int life = 1; life <= LIVES; life++) {
                Process bridge = start(stack.bootstrap());
                try (DocumentClient client = new DocumentClient(socket())) {
                    int enough = life * DOCUMENTS / LIVES;
                    while (drawn.size() < enough) {
                        // Something always arrives that this life will not draw.
                        for (int more = 0; more < 7 && sent < DOCUMENTS; more++) {
                            send(log, sent++);
                        }
                        log.flush();
                        List<String> next = client.draw(KnownRun.HELPS.value(), drawn.size());
                        drawn.addAll(next.subList(0, Math.min(next.size(), enough - drawn.size())));
                    }
                } finally {
                    bridge.destroyForcibly().waitFor();
                }
            }
        }
        assertThat(drawn).isEqualTo(IntStream.range(0, DOCUMENTS).mapToObj(PoolIT::id).toList());
    }

    private Path socket() {
        return folder.resolve("socket").resolve("bridge.sock");
    }

    private Process start(String bootstrap) throws IOException {
        Process bridge =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PoolBridgeMain.class.getName(),
                                bootstrap,
                                PREFIX,
                                CATALOG,
                                folder.resolve("state").toString(),
                                socket().toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(bridge.inputReader().readLine()).isEqualTo("serving");
        return bridge;
    }

    /** Every tenth document comes twice, as after a restart of the job. */
    private static void send(CatalogLog log, int number) {
        AdmittedDocument document =
                AdmittedDocument.newBuilder()
                        .setId(id(number))
                        .setCatalog(CATALOG)
                        .setGroup(KnownRun.HELPS.value())
                        .setText(
                                ByteBuffer.wrap(
                                        ("text " + number).getBytes(StandardCharsets.UTF_8)))
                        .build();
        String key = Topic.catalogKey(CATALOG, document.getGroup());
        for (int i = 0; i < (number % 10 == 0 ? 2 : 1); i++) {
            log.send(Topic.DOCUMENTS, key, document);
        }
    }

    private static String id(int number) {
        return "document-" + number;
    }
}
