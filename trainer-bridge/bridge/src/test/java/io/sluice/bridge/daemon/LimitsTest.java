package io.sluice.bridge.daemon;

import static io.sluice.bridge.daemon.TestingDaemon.attempt;
import static io.sluice.bridge.daemon.TestingDaemon.lease;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bridge.BridgeOptions;
import io.sluice.bridge.TestingLog;
import io.sluice.bridge.TestingRuns;
import io.sluice.bridge.daemon.TestingClient.Reply;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LimitsTest {

    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final Duration SOON = Duration.ofMillis(300);

    @TempDir Path folder;

    private final TestingLog log = new TestingLog();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void bodiesAndHeadersThatAreTooLargeAreRefusedAndTheConnectionEnds() {
        TestingDaemon daemon = daemon(Limits.DEFAULT);
        byte[] large = new byte[Limits.BODY_BYTES + 1];
        TestingClient client = client(daemon);
        Reply refused = client.post("/v1/lease", "application/json", large);
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.code()).isEqualTo("too_large");
        assertThat(refused.closes()).isTrue();
        client.awaitEnd();

        TestingClient chunked = client(daemon);
        chunked.write("POST /v1/lease HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
        chunked.write(Integer.toHexString(large.length) + "\r\n");
        chunked.write(large);
        assertThat(chunked.read().status()).isEqualTo(413);

        Reply header =
                client(daemon).ask("GET /v1/run HTTP/1.1\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
        assertThat(header.status()).isEqualTo(431);
        assertThat(header.code()).isEqualTo("too_large");

        Reply attempt = client(daemon).post("/v1/attempt", "application/json", large);
        assertThat(attempt.code()).isEqualTo("malformed");
    }

    @Test
    void aRequestThatDoesNotComeInWholeIsEndedAndOthersAreServedMeanwhile() {
        TestingDaemon daemon = daemon(new Limits(64, Duration.ofSeconds(30), SOON, 2_000));
        TestingClient slow = client(daemon);
        slow.write("POST /v1/lease HTTP/1.1\r\nContent-Length: 100\r\n\r\n{");
        TestingClient slower = client(daemon);
        slower.write("GET /v1/r");
        assertThat(client(daemon).get("/v1/run").status()).isEqualTo(200);
        Reply refused = slow.read();
        assertThat(refused.status()).isEqualTo(408);
        assertThat(refused.code()).isEqualTo("too_slow");
        assertThat(refused.closes()).isTrue();
        assertThat(slower.read().status()).isEqualTo(408);
    }

    @Test
    void idleConnectionsEndUnlessTheyHoldTheSession() {
        TestingDaemon daemon = daemon(new Limits(64, SOON, Duration.ofSeconds(30), 2_000));
        TestingClient trainer = client(daemon);
        String session = attempt(trainer);
        for (int round = 0; round < 3; round++) {
            client(daemon).awaitEnd();
        }
        assertThat(lease(trainer, session, 0, 0, 1).status()).isEqualTo(200);
    }

    @Test
    void idleConnectionsKeepNoTrainerFromItsPlansNorAnotherFromGettingIn() {
        TestingDaemon daemon = daemon(new Limits(64, SOON, Duration.ofSeconds(30), 2_000));
        TestingClient trainer = client(daemon);
        String session = attempt(trainer);
        for (int i = 0; i < 200; i++) {
            client(daemon);
        }
        for (int step = 0; step < 100; step++) {
            assertThat(lease(trainer, session, step, step, step + 2).status()).isEqualTo(200);
        }
        trainer.close();
        awaitServed(daemon);
    }

    @Test
    void aConnectionTooManyIsToldSo() {
        TestingDaemon daemon =
                daemon(new Limits(1, Duration.ofSeconds(30), Duration.ofSeconds(30), 2_000));
        assertThat(client(daemon).get("/v1/run").status()).isEqualTo(200);
        Reply refused = client(daemon).get("/v1/run");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.code()).isEqualTo("too_many_connections");
        assertThat(refused.closes()).isTrue();
    }

    /** They stay open for a while, unless their client closes them, which this one never does. */
    @Test
    void connectionsThatWereRefusedKeepNobodyOut() {
        TestingDaemon daemon =
                daemon(new Limits(1, Duration.ofSeconds(30), Duration.ofSeconds(30), 2_000));
        TestingClient served = client(daemon);
        assertThat(served.get("/v1/run").status()).isEqualTo(200);
        assertThat(client(daemon).get("/v1/run").status()).isEqualTo(503);
        served.close();
        awaitServed(daemon);
    }

    @Test
    void tooManyRequestsAreRefusedAndTheConnectionGoesOn() {
        TestingDaemon daemon =
                daemon(new Limits(64, Duration.ofSeconds(30), Duration.ofSeconds(30), 3));
        TestingClient client = client(daemon);
        client.write("GET /v1/run HTTP/1.1\r\n\r\n".repeat(4));
        for (int i = 0; i < 3; i++) {
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(client.read().code()).isEqualTo("too_many_requests");
        int status = 429;
        while (status == 429) {
            status = client.get("/v1/run").status();
        }
        assertThat(status).isEqualTo(200);
    }

    @Test
    void requestsThatAreSentAheadAreAnsweredInOrder() {
        TestingClient client = client(daemon(Limits.DEFAULT));
        for (int i = 0; i < 500; i++) {
            client.write(
                    i % 2 == 0
                            ? "GET /v1/run HTTP/1.1\r\n\r\n"
                            : "GET /v1/nothing HTTP/1.1\r\n\r\n");
        }
        for (int i = 0; i < 500; i++) {
            assertThat(client.read().status()).isEqualTo(i % 2 == 0 ? 200 : 404);
        }
    }

    @Test
    void overTcpOnlyTheTokenLetsInAndNoBrowser() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), TOKEN + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        BridgeOptions bridge = TestingRuns.options(folder.resolve("state"));
        DaemonOptions options =
                DaemonOptions.ofTcp(bridge, 0, file)
                        .withMetrics(TestingDaemon.options(folder).metrics());
        TestingDaemon daemon = new TestingDaemon(folder, log, Limits.DEFAULT, options);
        opened.add(daemon);
        assertThat(daemon.daemon.socket()).isEmpty();
        assertThat(tcp(daemon, "Host: 127.0.0.1:1\r\nAuthorization: Bearer " + TOKEN).status())
                .isEqualTo(200);
        assertThat(tcp(daemon, "Host: [::1]\r\nAuthorization: Bearer " + TOKEN).status())
                .isEqualTo(200);
        assertThat(tcp(daemon, "Host: localhost").code()).isEqualTo("unauthorized");
        assertThat(tcp(daemon, "Host: localhost\r\nAuthorization: Bearer wrong").status())
                .isEqualTo(401);
        assertThat(tcp(daemon, "Host: evil.example\r\nAuthorization: Bearer " + TOKEN).code())
                .isEqualTo("cross_origin");
        assertThat(
                        tcp(
                                        daemon,
                                        "Host: localhost\r\nOrigin: http://localhost\r\n"
                                                + "Authorization: Bearer "
                                                + TOKEN)
                                .status())
                .isEqualTo(403);
    }

    /** Tries without a pause, and closes nothing. */
    private void awaitServed(TestingDaemon daemon) {
        int status = 0;
        while (status != 200) {
            try {
                status = client(daemon).get("/v1/run").status();
                assertThat(status).isIn(200, 503);
            } catch (UncheckedIOException e) {
                // So many at once are not even told that they are too many.
            }
        }
    }

    private Reply tcp(TestingDaemon daemon, String headers) {
        TestingClient client = new TestingClient(daemon.daemon.tcpPort().orElseThrow());
        opened.add(0, client);
        return client.ask("GET /v1/run HTTP/1.1\r\n" + headers + "\r\n\r\n");
    }

    private TestingDaemon daemon(Limits limits) {
        TestingDaemon daemon =
                new TestingDaemon(folder, log, limits, TestingDaemon.options(folder));
        opened.add(daemon);
        return daemon;
    }

    private TestingClient client(TestingDaemon daemon) {
        TestingClient client = daemon.client();
        opened.add(0, client);
        return client;
    }
}
