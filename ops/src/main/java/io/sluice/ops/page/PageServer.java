package io.sluice.ops.page;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Serves the page of a run to this machine. It listens on 127.0.0.1 only, answers GET only, and
 * only under a loopback name, so that a web site that points its own name at 127.0.0.1 learns
 * nothing.
 */
public final class PageServer implements AutoCloseable {

    /**
     * One more thing to serve.
     *
     * @param contentType media type of the answer
     * @param body makes the answer; called on the server's threads for every request
     */
    public record Route(String contentType, Supplier<String> body) {}

    /** The content type of Prometheus' text format. */
    public static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String PLAIN_TEXT = "text/plain; charset=utf-8";
    private static final int THREADS = 4;

    /** Time that an answer under way gets when the server is closed. */
    private static final int LAST_ANSWER_SECONDS = 1;

    /** A page asks once a second; one that has not asked for this long is not watched any more. */
    private static final Duration WATCHING = Duration.ofSeconds(3);

    private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost", "[::1]");

    static {
        // The JDK's server waits for ever and takes any number of connections unless told
        // otherwise, and can be told by system properties only. What the user has set stays.
        Map.of(
                        "sun.net.httpserver.maxReqTime", "10",
                        "sun.net.httpserver.maxRspTime", "60",
                        "sun.net.httpserver.maxReqHeaders", "100",
                        "sun.net.httpserver.maxReqHeaderSize", "32768",
                        "jdk.httpserver.maxConnections", "64")
                .forEach(
                        (name, value) -> {
                            if (System.getProperty(name) == null) {
                                System.setProperty(name, value);
                            }
                        });
    }

    private final Object looks = new Object();
    private boolean watched;
    private long lastLookNanos;
    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Route> routes;
    private final String contentSecurityPolicy;

    private PageServer(int port, RunHistory history, Map<String, Route> more) throws IOException {
        PageTemplate template = new PageTemplate();
        String page = template.live();
        Map<String, Route> own =
                Map.of(
                        "/", new Route("text/html; charset=utf-8", () -> page),
                        "/data.json", new Route("application/json; charset=utf-8", history::toJson),
                        "/healthz", new Route(PLAIN_TEXT, () -> "ok\n"));
        this.routes = merged(own, more);
        this.contentSecurityPolicy = template.livePolicy() + "; frame-ancestors 'none'";
        this.server = bind(port);
        AtomicInteger number = new AtomicInteger();
        this.threads =
                Executors.newFixedThreadPool(
                        THREADS,
                        work -> {
                            Thread thread =
                                    new Thread(work, "sluice-page-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /**
     * Starts to serve.
     *
     * @param port port on 127.0.0.1; 0 takes any free one
     * @param more further routes by path, e.g. {@code /metrics}
     * @throws PortInUseException when another process listens on the port
     */
    public static PageServer start(int port, RunHistory history, Map<String, Route> more)
            throws IOException {
        PageServer page = new PageServer(port, history, more);
        page.server.start();
        return page;
    }

    private static HttpServer bind(int port) throws IOException {
        InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        try {
            return HttpServer.create(new InetSocketAddress(loopback, port), 0);
        } catch (BindException e) {
            throw new PortInUseException(port, e);
        }
    }

    private static Map<String, Route> merged(Map<String, Route> own, Map<String, Route> more) {
        for (String path : more.keySet()) {
            if (!path.startsWith("/") || own.containsKey(path)) {
                throw new IllegalArgumentException(
                        "route '" + path + "' must start with / and not be one of " + own.keySet());
            }
        }
        Map<String, Route> all = new HashMap<>(own);
        all.putAll(more);
        return Map.copyOf(all);
    }

    /** Where the page is. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /**
     * Lets a page that is being watched see the end: returns when it has asked for the data once
     * more, or when the limit is over; at once when nobody is watching.
     */
    public void awaitLastLook(Duration limit) throws InterruptedException {
        long now = System.nanoTime();
        synchronized (looks) {
            if (!watched || now - lastLookNanos > WATCHING.toNanos()) {
                return;
            }
            long seen = lastLookNanos;
            long left = limit.toNanos();
            while (lastLookNanos == seen && left > 0) {
                TimeUnit.NANOSECONDS.timedWait(looks, left);
                left = limit.toNanos() - (System.nanoTime() - now);
            }
        }
    }

    private String looked(String data) {
        synchronized (looks) {
            watched = true;
            lastLookNanos = System.nanoTime();
            looks.notifyAll();
        }
        return data;
    }

    @Override
    public void close() {
        server.stop(LAST_ANSWER_SECONDS);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Route route = routes.get(exchange.getRequestURI().getPath());
            if (!isLoopbackName(exchange.getRequestHeaders().getFirst("Host"))) {
                refuse(exchange, 403, "This page answers to 127.0.0.1 and localhost only.\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                refuse(exchange, 405, "This page can only be read.\n");
            } else if (hasBody(exchange.getRequestHeaders())) {
                refuse(exchange, 413, "A request to this page has no body.\n");
            } else if (route == null) {
                refuse(exchange, 404, "There is nothing here. The page is at /\n");
            } else {
                serve(exchange, route);
            }
        }
    }

    private void serve(HttpExchange exchange, Route route) throws IOException {
        String body;
        try {
            body = route.body().get();
        } catch (RuntimeException e) {
            refuse(exchange, 500, "This answer could not be made: " + e + "\n");
            return;
        }
        send(exchange, 200, route.contentType(), body);
    }

    /** Refusals close the connection, so that an unread body is never taken for a next request. */
    private void refuse(HttpExchange exchange, int code, String message) throws IOException {
        exchange.getResponseHeaders().set("Connection", "close");
        send(exchange, code, PLAIN_TEXT, message);
    }

    private void send(HttpExchange exchange, int code, String contentType, String body)
            throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", contentType);
        headers.set("Cache-Control", "no-store");
        headers.set("Content-Security-Policy", contentSecurityPolicy);
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static boolean hasBody(Headers request) {
        String length = request.getFirst("Content-Length");
        return request.containsKey("Transfer-Encoding") || (length != null && !length.equals("0"));
    }

    /** The port is free to differ: people forward ports. */
    private static boolean isLoopbackName(String host) {
        if (host == null) {
            return false;
        }
        String name = host.replaceFirst(":[0-9]{1,5}$", "").toLowerCase(Locale.ROOT);
        return LOOPBACK_NAMES.contains(name);
    }
}
