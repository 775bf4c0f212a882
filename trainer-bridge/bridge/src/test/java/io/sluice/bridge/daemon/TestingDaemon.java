package io.sluice.bridge.daemon;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.bridge.Bridge;
import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.TestingBridge;
import io.sluice.bridge.TestingLog;
import io.sluice.bridge.TestingRuns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.HexFormat;

/** A daemon on a socket in a folder, over a log in memory. */
final class TestingDaemon implements AutoCloseable {

    final TestingLog log;
    final TestingBridge parts;
    final BridgeDaemon daemon;

    TestingDaemon(Path folder) {
        this(folder, new TestingLog(), Limits.DEFAULT, options(folder));
    }

    TestingDaemon(Path folder, TestingLog log, Limits limits, DaemonOptions options) {
        this.log = log;
        this.parts = new TestingBridge(options.bridge(), log);
        this.daemon = BridgeDaemon.start(options, parts.bridge(), RunData.NONE, limits);
    }

    static DaemonOptions options(Path folder) {
        BridgeOptions bridge = TestingRuns.options(folder.resolve("state"));
        return DaemonOptions.of(bridge, folder.resolve("run").resolve("bridge.sock"))
                .withMetrics(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    Bridge bridge() {
        return parts.bridge();
    }

    TestingClient client() {
        return new TestingClient(daemon.socket().orElseThrow());
    }

    TestingClient monitor() {
        return new TestingClient(daemon.metrics());
    }

    /** Starts an attempt at step 0 and tells its session. */
    static String attempt(TestingClient client) {
        return client.post("/v1/attempt", start(0, "null")).json().path("session").asText();
    }

    static String start(long step, String checkpoint) {
        return "{\"run\": \""
                + TestingRuns.RUN
                + "\", \"resume_step\": "
                + step
                + ", \"checkpoint\": "
                + checkpoint
                + ", \"client\": {\"name\": \"test\", \"pid\": 1, \"host\": \"here\"}}";
    }

    static TestingClient.Reply lease(
            TestingClient client, String session, long step, long from, long through) {
        return client.post(
                "/v1/lease",
                "{\"session\": \""
                        + session
                        + "\", \"step\": "
                        + step
                        + ", \"from_step\": "
                        + from
                        + ", \"through_step\": "
                        + through
                        + ", \"known_version\": null}");
    }

    /** Waits until the log has given the session's attempt its number, and tells it. */
    static long awaitAttempt(TestingClient client, String session) {
        JsonNode attempt;
        do {
            attempt = lease(client, session, 0, 0, 0).json().path("attempt");
        } while (!attempt.isNumber());
        return attempt.asLong();
    }

    /** The header of a body of signals. */
    static ByteBuffer signals(String session, long round, int count, int bytes) {
        ByteBuffer buffer = ByteBuffer.allocate(32 + bytes).order(ByteOrder.LITTLE_ENDIAN);
        buffer.put(new byte[] {'S', 'L', 'S', '1'});
        buffer.put(HexFormat.of().parseHex(session));
        return buffer.putLong(round).putInt(count);
    }

    /** Appends a signal of a group with one plan and a sketch. */
    static void signal(ByteBuffer buffer, int group, int part, byte[] sketch) {
        buffer.put((byte) 0).put((byte) part).put((byte) 1).put((byte) 1).putInt(group);
        buffer.putLong(10).putLong(2).putDouble(20).putDouble(50);
        buffer.putLong(0).putLong(10).put(sketch);
    }

    static TestingClient.Reply send(TestingClient client, ByteBuffer body) {
        return client.post("/v1/signals", SignalForm.CONTENT_TYPE, body.array());
    }

    static TestingClient.Reply endRound(
            TestingClient client, String session, long round, String more) {
        return client.post(
                "/v1/round",
                "{\"session\": \""
                        + session
                        + "\", \"round\": "
                        + round
                        + ", \"from_step\": "
                        + 4 * round
                        + ", \"through_step\": "
                        + (4 * round + 3)
                        + ", \"learning_rate\": 0.25, \"nanos\": 7"
                        + more
                        + "}");
    }

    @Override
    public void close() {
        log.hang(false);
        daemon.close();
    }
}
