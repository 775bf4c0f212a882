package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
                Process bridge = start(stack.bootstrap(), PREFIX);
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

    /** The client stays while bridges come and go; what it drew, another one draws again. */
    @Test
    void aPythonClientThatOutlivesItsBridgesSkipsAndRepeatsNoDocument(LocalStack stack)
            throws Exception {
        assumeTrue(PythonPoolClient.isAvailable(), "no Python of 3.10 or newer");
        String prefix = "pool-python.";
        String group = KnownRun.HELPS.value();
        Topics.create(stack.client(), prefix, 2, (short) 1);
        List<String> drawn = new ArrayList<>();
        try (CatalogLog log = new CatalogLog(stack.client(), prefix);
                PythonPoolClient python = new PythonPoolClient(socket(), group)) {
            int sent = 0;
            for (int life = 1; life <= LIVES; life++) {
                Process bridge = start(stack.bootstrap(), prefix);
                try {
                    int enough = life * DOCUMENTS / LIVES;
                    while (drawn.size() < enough) {
                        for (int more = 0; more < 7 && sent < DOCUMENTS; more++) {
                            send(log, sent++);
                        }
                        log.flush();
                        // What is not there yet would be drawn as a repeat.
                        int there = there(group, drawn.size());
                        drawn.addAll(python.draw(Math.min(there, enough - drawn.size())));
                    }
                    if (life == LIVES) {
                        try (PythonPoolClient other = new PythonPoolClient(socket(), group)) {
                            assertThat(other.draw(DOCUMENTS)).isEqualTo(drawn);
                        }
                    }
                } finally {
                    bridge.destroyForcibly().waitFor();
                }
            }
        }
        assertThat(drawn).isEqualTo(IntStream.range(0, DOCUMENTS).mapToObj(PoolIT::id).toList());
    }

    /**
     * How many documents from an occurrence on nobody has drawn yet, on a connection of its own.
     */
    private int there(String group, long from) throws IOException {
        try (DocumentClient client = new DocumentClient(socket())) {
            return client.draw(group, from).size();
        }
    }

    private Path socket() {
        return folder.resolve("socket").resolve("bridge.sock");
    }

    private Process start(String bootstrap, String prefix) throws IOException {
        Process bridge =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx256m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PoolBridgeMain.class.getName(),
                                bootstrap,
                                prefix,
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
