package io.sluice.bridge.daemon;

import static io.sluice.bridge.daemon.TestingDaemon.attempt;
import static io.sluice.bridge.daemon.TestingDaemon.endRound;
import static io.sluice.bridge.daemon.TestingDaemon.lease;
import static io.sluice.bridge.daemon.TestingDaemon.send;
import static io.sluice.bridge.daemon.TestingDaemon.signal;
import static io.sluice.bridge.daemon.TestingDaemon.signals;
import static io.sluice.bridge.daemon.TestingDaemon.start;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bridge.TestingRuns;
import io.sluice.bridge.daemon.TestingClient.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ErrorsTest {

    private static final int SKETCH_BYTES = 2 * TestingRuns.BUCKETS;
    private static final int SIGNAL_BYTES = 56 + SKETCH_BYTES;

    @TempDir Path folder;

    private TestingDaemon daemon;
    private TestingClient client;

    @BeforeEach
    void open() {
        daemon = new TestingDaemon(folder);
        client = daemon.client();
    }

    @AfterEach
    void close() {
        client.close();
        daemon.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{\"session\": \"s\"}",
                "{\"session\": null, \"step\": 0, \"from_step\": 0, \"through_step\": 1}",
                "{\"session\": 1, \"step\": 0, \"from_step\": 0, \"through_step\": 1}",
                "{\"session\": \"s\", \"step\": \"0\", \"from_step\": 0, \"through_step\": 1}",
                "{\"session\": \"s\", \"step\": 0.5, \"from_step\": 0, \"through_step\": 1}",
                "{\"session\": \"s\", \"step\": 0, \"from_step\": 0, \"through_step\":"
                        + " 9223372036854775808}",
                "{\"session\": \"s\", \"step\": 0, \"from_step\": 0, \"through_step\": 1, \"x\": 1}",
                "{\"session\": \"s\", \"step\": 0, \"step\": 0, \"from_step\": 0,"
                        + " \"through_step\": 1}",
                "{\"session\": \"s\", \"step\": 0, \"from_step\": 0, \"through_step\": 1} 1",
                "{\"session\": [[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]}"
            })
    void whatIsNoLeaseIsMalformedAndTheConnectionGoesOn(String body) {
        Reply refused = client.post("/v1/lease", body);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("malformed");
        assertThat(refused.json().path("error").path("remedy").asText()).isNotEmpty();
        assertThat(client.get("/v1/run").status()).isEqualTo(200);
    }

    @Test
    void pathsAndMethodsThatDoNotExistSaySo() {
        assertThat(client.get("/v1/nothing").code()).isEqualTo("unknown_path");
        assertThat(client.get("/v1/lease").code()).isEqualTo("method");
        assertThat(client.get("/v1/step?session=x").code()).isEqualTo("malformed");
        assertThat(client.get("/v1/step?session=x&step=y").code()).isEqualTo("malformed");
        assertThat(client.get("/v1/step?session=x&step=1").code()).isEqualTo("session_ended");
    }

    @Test
    void attemptsThatDoNotFitTheRunSayWhy() {
        String session = attempt(client);
        String checkpoint = client.get("/v1/checkpoint?session=" + session + "&next_step=0").body();
        assertThat(client.post("/v1/attempt", start(0, "null").replace("run-1", "run-2")).code())
                .isEqualTo("unknown_run");
        for (String bad :
                new String[] {
                    checkpoint.replace("run-1", "run-2"),
                    checkpoint.replace("\"a\":0.5", "\"a\":0.4").replace("\"b\":0.3", "\"b\":0.4"),
                    checkpoint.replace("\"a\":0.5", "\"z\":0.5"),
                    checkpoint.replace("\"a\":0.5", "\"a\":0.6"),
                    checkpoint.replace("\"format\":1", "\"format\":2"),
                    checkpoint.replace("\"next_step\":0", "\"next_step\":5"),
                    checkpoint.replace("\"prior\"", "\"fancy\"")
                }) {
            Reply refused = client.post("/v1/attempt", start(0, bad));
            assertThat(refused.code()).as(bad).isEqualTo("bad_checkpoint");
            assertThat(refused.status()).isEqualTo(422);
        }
        assertThat(client.post("/v1/attempt", start(-1, "null")).code()).isEqualTo("malformed");
        assertThat(lease(client, session, 0, 0, 1).status()).isEqualTo(200);
        assertThat(client.post("/v1/attempt", start(0, checkpoint)).status()).isEqualTo(200);
    }

    @Test
    void stepsThatAreNotAtHandSaySo() {
        String session =
                client.post("/v1/attempt", start(100, "null")).json().path("session").asText();
        assertThat(lease(client, session, 0, 99, 101).code()).isEqualTo("step_not_at_hand");
        assertThat(lease(client, session, 0, -1, 101).code()).isEqualTo("step_not_at_hand");
        assertThat(lease(client, session, 0, 100, 10_100).code()).isEqualTo("step_not_at_hand");
        assertThat(lease(client, session, 0, 100, Long.MAX_VALUE).code())
                .isEqualTo("step_not_at_hand");
        assertThat(lease(client, session, 0, Long.MAX_VALUE - 1, Long.MAX_VALUE).code())
                .isEqualTo("step_not_at_hand");
        assertThat(lease(client, session, 0, 100, 10_099).status()).isEqualTo(200);
        assertThat(client.get("/v1/checkpoint?session=" + session + "&next_step=99").code())
                .isEqualTo("step_not_at_hand");
        assertThat(client.get("/v1/checkpoint?session=" + session + "&next_step=20000").code())
                .isEqualTo("step_not_at_hand");
        assertThat(client.get("/v1/step?session=" + session + "&step=99").code())
                .isEqualTo("step_not_at_hand");
    }

    @Test
    void roundsOnlyGoForwardAndASignalCountsOnce() {
        String session = attempt(client);
        TestingDaemon.awaitAttempt(client, session);
        assertThat(send(client, one(session, 1, 0)).status()).isEqualTo(200);
        assertThat(send(client, one(session, 1, 0)).code()).isEqualTo("round_passed");
        assertThat(send(client, one(session, 0, 0)).code()).isEqualTo("round_passed");
        assertThat(send(client, one(session, 1, 1)).status()).isEqualTo(200);
        assertThat(endRound(client, session, 1, "").status()).isEqualTo(200);
        assertThat(endRound(client, session, 1, "").code()).isEqualTo("round_passed");
        assertThat(endRound(client, session, 0, "").code()).isEqualTo("round_passed");
        assertThat(send(client, one(session, 1, 2)).code()).isEqualTo("round_passed");
        assertThat(send(client, one(session, 2, 0)).status()).isEqualTo(200);
    }

    @Test
    void numbersThatCannotBeAreRefusedAndNothingOfThatRequestIsTaken() {
        String session = attempt(client);
        byte[] infinite = new byte[SKETCH_BYTES];
        infinite[0] = (byte) 0x80;
        infinite[1] = (byte) 0x7f;
        ByteBuffer body = signals(session, 0, 2, 2 * SIGNAL_BYTES);
        signal(body, 0, 0, new byte[SKETCH_BYTES]);
        signal(body, 1, 0, infinite);
        assertThat(send(client, body).code()).isEqualTo("bad_signal");
        assertThat(send(client, one(session, 0, 0)).status()).isEqualTo(200);
        assertThat(send(client, one(session, 0, 3)).code()).isEqualTo("bad_signal");
        for (String bad :
                new String[] {
                    ", \"dropped\": [{\"kind\": \"target\", \"index\": 2, \"part\": 0}]",
                    ", \"dropped\": [{\"kind\": \"group\", \"index\": 0, \"part\": 2}]",
                    ", \"evaluations\": [{\"target\": 0, \"loss\": 1e999, \"tokens\": 1}]",
                    ", \"evaluations\": [{\"target\": 9, \"loss\": 1, \"tokens\": 1}]",
                    ", \"signals\": [{\"kind\": \"group\", \"index\": 1, \"part\": 0, \"tokens\": 4,"
                            + " \"sequences\": 1, \"loss_sum\": 9, \"loss_square_sum\": 2,"
                            + " \"plans\": [[0, 3]]}]"
                }) {
            Reply refused = endRound(client, session, 0, bad);
            assertThat(refused.code()).as(bad).isEqualTo("bad_signal");
        }
        Reply wrongSteps =
                client.post(
                        "/v1/round",
                        "{\"session\": \""
                                + session
                                + "\", \"round\": 0, \"from_step\": 0, \"through_step\": 4,"
                                + " \"learning_rate\": 1, \"nanos\": 0}");
        assertThat(wrongSteps.status()).isEqualTo(422);
        assertThat(endRound(client, session, 0, "").status()).isEqualTo(200);
    }

    @Test
    void signalsComeInTheirForm() {
        String session = attempt(client);
        byte[] good = one(session, 0, 0).array();
        assertThat(client.post("/v1/signals", "application/json", good).code())
                .isEqualTo("malformed");
        for (int length : new int[] {0, 3, 31, 32, 50, good.length - 1}) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThat(client.post("/v1/signals", SignalForm.CONTENT_TYPE, cut).code())
                    .as("%s bytes", length)
                    .isEqualTo("malformed");
        }
        byte[] longer = Arrays.copyOf(good, good.length + 1);
        assertThat(client.post("/v1/signals", SignalForm.CONTENT_TYPE, longer).code())
                .isEqualTo("malformed");
    }

    /** Whatever comes, the answer is an error of the client's, and the daemon lives. */
    @Test
    void alteredBodiesNeverHurt() {
        String session = attempt(client);
        Random random = new Random(7);
        byte[] lease =
                ("{\"session\": \""
                                + session
                                + "\", \"step\": 0, \"from_step\": 0, \"through_step\": 3,"
                                + " \"known_version\": 0}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] start = start(0, "{\"format\": 1}").getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 400; i++) {
            byte[] signals = one(session, i + 1, 0).array();
            assertHarmless(client.post("/v1/lease", "application/json", altered(lease, random)));
            assertHarmless(client.post("/v1/attempt", "application/json", altered(start, random)));
            assertHarmless(
                    client.post("/v1/signals", SignalForm.CONTENT_TYPE, altered(signals, random)));
        }
        assertThat(lease(client, session, 0, 0, 3).status()).isEqualTo(200);
    }

    @Test
    void whatIsNoHttpIsRefusedAndTheDaemonLives() {
        Random random = new Random(11);
        for (int i = 0; i < 50; i++) {
            byte[] noise = new byte[200];
            random.nextBytes(noise);
            try (TestingClient noisy = daemon.client()) {
                noisy.write(noise);
                noisy.write("\r\n\r\n");
                Reply refused = noisy.read();
                assertThat(refused.status()).isBetween(400, 499);
                assertThat(refused.closes()).isTrue();
            }
        }
        assertThat(client.get("/v1/run").status()).isEqualTo(200);
    }

    private static void assertHarmless(Reply reply) {
        assertThat(reply.status()).isNotEqualTo(500).isBetween(200, 499);
    }

    private static byte[] altered(byte[] body, Random random) {
        byte[] altered = body.clone();
        for (int change = 0; change <= random.nextInt(3); change++) {
            altered[random.nextInt(altered.length)] = (byte) random.nextInt();
        }
        return altered;
    }

    /** A body with one signal. */
    private static ByteBuffer one(String session, long round, int group) {
        ByteBuffer body = signals(session, round, 1, SIGNAL_BYTES);
        signal(body, group, 0, new byte[SKETCH_BYTES]);
        return body;
    }
}
