package io.sluice.ops.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageServerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private PageServer server;

    @BeforeEach
    void start() throws IOException {
        server =
                PageServer.start(
                        0,
                        TestingRuns.history(),
                        Map.of(
                                "/metrics",
                                new PageServer.Route(PageServer.METRICS_TYPE, () -> "up 1\n"),
                                "/broken",
                                new PageServer.Route(
                                        "text/plain",
                                        () -> {
                                            throw new IllegalStateException("no numbers");
                                        })));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void servesThePageTheDataAndItsHealth() throws Exception {
        assertThat(get("/").body()).startsWith("<!DOCTYPE html>").contains("id=\"mixture\"");
        assertThat(new ObjectMapper().readTree(get("/data.json").body()).at("/run/id").asText())
                .isEqualTo("demo");
        assertThat(get("/healthz").body()).isEqualTo("ok\n");
    }

    @Test
    void servesTheRoutesOfItsCaller() throws Exception {
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.body()).isEqualTo("up 1\n");
        assertThat(metrics.headers().firstValue("Content-Type")).hasValue(PageServer.METRICS_TYPE);
    }

    @Test
    void answersThatThereIsNothingElsewhere() throws Exception {
        assertThat(get("/index.html").statusCode()).isEqualTo(404);
        assertThat(get("/data.json/x").statusCode()).isEqualTo(404);
    }

    @Test
    void answersWithTheErrorOfARouteThatFails() throws Exception {
        HttpResponse<String> answer = get("/broken");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("no numbers");
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void refusesToBeWrittenTo() throws Exception {
        HttpResponse<String> answer =
                client.send(
                        HttpRequest.newBuilder(server.uri())
                                .POST(HttpRequest.BodyPublishers.ofString("x"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
    }

    @Test
    void refusesARequestWithABody() throws Exception {
        assertThat(
                        raw(
                                "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
                                        + "Connection: close\r\n\r\nabc"))
                .startsWith("HTTP/1.1 413");
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "127.0.0.1.evil.example", "localhost.evil:80", "[::2]"})
    void refusesANameThatIsNotLoopback(String host) throws Exception {
        assertThat(raw("GET /data.json HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .doesNotContain("demo");
    }

    @Test
    void refusesARequestWithoutAName() throws Exception {
        assertThat(raw("GET /data.json HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 403");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:9000"})
    void answersToEveryLoopbackNameAndPort(String host) throws Exception {
        assertThat(raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void tellsBrowsersToKeepThePageToItself() throws Exception {
        HttpResponse<String> page = get("/");
        assertThat(page.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void namesTheBusyPortAndTheRemedy() {
        int port = server.uri().getPort();
        assertThatExceptionOfType(PortInUseException.class)
                .isThrownBy(() -> PageServer.start(port, TestingRuns.history(), Map.of()).close())
                .withMessageContaining("port " + port)
                .withMessageContaining("choose another port")
                .satisfies(e -> assertThat(e.port()).isEqualTo(port));
    }

    @Test
    void refusesARouteOverItsOwn() {
        PageServer.Route route = new PageServer.Route("text/plain", () -> "");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                PageServer.start(
                                                0,
                                                TestingRuns.history(),
                                                Map.of("/data.json", route))
                                        .close())
                .withMessageContaining("/data.json");
    }

    @Test
    void isGoneOnceClosed() {
        URI uri = server.uri();
        server.close();
        assertThatExceptionOfType(ConnectException.class)
                .isThrownBy(() -> new Socket("127.0.0.1", uri.getPort()).close());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.uri().resolve(path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** What no ordinary client would send. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.uri().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
