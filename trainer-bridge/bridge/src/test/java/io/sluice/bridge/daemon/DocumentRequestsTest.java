package io.sluice.bridge.daemon;

import static io.sluice.bridge.pool.TestingDocuments.CATALOG;
import static io.sluice.bridge.pool.TestingDocuments.document;
import static io.sluice.bridge.pool.TestingDocuments.encode;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.TestingLog;
import io.sluice.bridge.TestingRuns;
import io.sluice.bridge.daemon.TestingClient.Reply;
import io.sluice.bridge.pool.PoolOptions;
import io.sluice.schemas.Topic;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DocumentRequestsTest {

    @TempDir Path folder;

    private final TestingLog log = new TestingLog();

    @Test
    void documentsComeAsBytesInTheOrderOfTheTopic() {
        add("a", "first");
        add("b", "größer");
        try (TestingDaemon daemon = daemon();
                TestingClient client = daemon.client()) {
            ByteBuffer body =
                    await(
                            client,
                            "{\"group\": \"code\", \"from\": 0, \"need\": 0, \"count\": 9}",
                            2);
            assertThat(body.getLong()).isZero();
            assertThat(draw(body)).containsExactly("pass 0", "tokens 1", "a", "feed", "", "first");
            assertThat(draw(body)).containsExactly("pass 0", "tokens 1", "b", "feed", "", "größer");
            assertThat(body.hasRemaining()).isFalse();
        }
    }

    @Test
    void whatIsNeededComesThoughThereIsNothingNew() {
        add("a", "only");
        try (TestingDaemon daemon = daemon();
                TestingClient client = daemon.client()) {
            await(client, "{\"group\": \"code\", \"from\": 0, \"need\": 0, \"count\": 1}", 1);
            ByteBuffer again =
                    await(
                            client,
                            "{\"group\": \"code\", \"from\": 1, \"need\": 1, \"count\": 9}",
                            1);
            assertThat(again.getLong()).isEqualTo(1);
            assertThat(draw(again)).startsWith("pass 1").contains("a");
            ByteBuffer none =
                    await(
                            client,
                            "{\"group\": \"web\", \"from\": 0, \"need\": 2, \"count\": 9}",
                            2);
            assertThat(none.getLong()).isZero();
            assertThat(draw(none)).containsExactly("pass 0");
        }
    }

    @Test
    void releasedDrawsAreRefusedByName() {
        add("a", "one");
        add("b", "two");
        try (TestingDaemon daemon = daemon();
                TestingClient client = daemon.client()) {
            await(client, "{\"group\": \"code\", \"from\": 0, \"need\": 0, \"count\": 9}", 2);
            assertThat(client.post("/v1/release", "{\"groups\": {\"code\": 1}}").status())
                    .isEqualTo(200);
            Reply refused =
                    ask(client, "{\"group\": \"code\", \"from\": 0, \"need\": 1, \"count\": 1}");
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.code()).isEqualTo("released");
            await(client, "{\"group\": \"code\", \"from\": 1, \"need\": 1, \"count\": 1}", 1);
        }
    }

    @Test
    void requestsThatCannotBeAreRefused() {
        try (TestingDaemon daemon = daemon();
                TestingClient client = daemon.client()) {
            List<String> bad =
                    List.of(
                            "{\"group\": \"code\", \"from\": 0, \"need\": 1}",
                            "{\"group\": \"co de\", \"from\": 0, \"need\": 1, \"count\": 1}",
                            "{\"group\": \"code\", \"from\": -1, \"need\": 1, \"count\": 1}",
                            "{\"group\": \"code\", \"from\": 0, \"need\": 2, \"count\": 1}",
                            "{\"group\": \"code\", \"from\": 0, \"need\": 1, \"count\": 100000}");
            for (String body : bad) {
                assertThat(ask(client, body).code()).as(body).isEqualTo("malformed");
            }
            assertThat(client.post("/v1/release", "{\"groups\": {\"code\": null}}").code())
                    .isEqualTo("malformed");
        }
    }

    @Test
    void aBridgeWithoutDocumentsSaysSo() {
        try (TestingDaemon daemon = new TestingDaemon(folder);
                TestingClient client = daemon.client()) {
            Reply refused =
                    ask(client, "{\"group\": \"code\", \"from\": 0, \"need\": 1, \"count\": 1}");
            assertThat(refused.status()).isEqualTo(404);
            assertThat(refused.code()).isEqualTo("no_pool");
            assertThat(client.get("/v1/run").json().path("catalog").isNull()).isTrue();
            assertThat(client.get("/v1/status").json().path("pool").isNull()).isTrue();
        }
    }

    @Test
    void runStatusAndMetricsTellOfThePool() {
        add("a", "one");
        try (TestingDaemon daemon = daemon();
                TestingClient client = daemon.client();
                TestingClient monitor = daemon.monitor()) {
            await(client, "{\"group\": \"code\", \"from\": 0, \"need\": 0, \"count\": 1}", 1);
            assertThat(client.get("/v1/run").json().path("catalog").asText()).isEqualTo(CATALOG);
            JsonNode pool = client.get("/v1/status").json().path("pool");
            assertThat(pool.path("documents").asLong()).isEqualTo(1);
            assertThat(pool.path("writable").asBoolean()).isTrue();
            String metrics;
            do {
                metrics = monitor.get("/metrics").body();
            } while (!metrics.contains("sluice_pool_documents 1.0"));
            assertThat(metrics).contains("sluice_pool_full_groups 0.0");
        }
    }

    private TestingDaemon daemon() {
        BridgeOptions bridge =
                TestingRuns.options(folder.resolve("state")).withPool(PoolOptions.of(CATALOG));
        DaemonOptions options =
                DaemonOptions.of(bridge, folder.resolve("run").resolve("bridge.sock"))
                        .withMetrics(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return new TestingDaemon(folder, log, Limits.DEFAULT, options);
    }

    private void add(String id, String text) {
        log.put(Topic.DOCUMENTS, CATALOG + ":code", encode(document("code", id, text)));
    }

    private static Reply ask(TestingClient client, String body) {
        return client.post("/v1/documents", body);
    }

    /** Asks until so many draws are there, and tells them from their first occurrence on. */
    private static ByteBuffer await(TestingClient client, String asked, int count) {
        while (true) {
            Reply reply = ask(client, asked);
            assertThat(reply.status()).as(reply.body()).isEqualTo(200);
            assertThat(reply.headers()).containsEntry("content-type", DocumentForm.CONTENT_TYPE);
            ByteBuffer body = ByteBuffer.wrap(reply.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            assertThat(new byte[] {body.get(), body.get(), body.get(), body.get()})
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("SLD1");
            if (body.getInt() == count) {
                return body;
            }
        }
    }

    private static List<String> draw(ByteBuffer body) {
        List<String> fields = new ArrayList<>();
        boolean document = body.get() == 1;
        fields.add("pass " + body.getLong());
        if (document) {
            fields.add("tokens " + body.getLong());
            for (int i = 0; i < 4; i++) {
                byte[] text = new byte[body.getInt()];
                body.get(text);
                fields.add(new String(text, StandardCharsets.UTF_8));
            }
        }
        return fields;
    }
}
