package io.sluice.ops.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A bridge in a process of its own, to be killed and started again over the same state. */
final class BridgeProcess implements AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration STOP = Duration.ofSeconds(40);

    private final ChildProcess process;
    private final int metricsPort;

    private BridgeProcess(ChildProcess process, int metricsPort) {
        this.process = process;
        this.metricsPort = metricsPort;
    }

    /**
     * What a bridge is started with.
     *
     * @param run the run
     * @param id the run's id
     * @param seed the run's seed
     * @param bootstrap the brokers
     * @param folder where the bridge's state and socket lie
     */
    record Settings(BenchRun run, String id, long seed, String bootstrap, Path folder) {

        Path socket() {
            return folder.resolve("socket").resolve("bridge.sock");
        }

        String endpoint() {
            return "unix:" + socket();
        }
    }

    /** Starts a bridge, and waits until it serves. */
    static BridgeProcess start(Settings settings) throws InterruptedException {
        ChildProcess process =
                ChildProcess.java(
                        "the bridge",
                        List.of(),
                        List.of(
                                "-Xmx384m",
                                "-Dsluice.log=" + settings.folder().resolve("bridge.log")),
                        BridgeMain.class,
                        List.of(
                                settings.run().name(),
                                settings.id(),
                                Long.toString(settings.seed()),
                                settings.bootstrap(),
                                settings.folder().resolve("bridge").toString(),
                                settings.socket().toString()));
        try {
            return new BridgeProcess(process, Integer.parseInt(process.require(START)));
        } catch (RuntimeException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /** Its metrics, in Prometheus' text format. */
    List<String> metrics() throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body()
                .lines()
                .toList();
    }

    /** The value of one series. */
    long metric(String series) throws IOException, InterruptedException {
        return metrics().stream()
                .filter(line -> line.startsWith(series + " "))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(series.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the bridge has no " + series));
    }

    /** Ends it in the middle of whatever it does. */
    void kill() {
        process.kill();
        process.close();
    }

    /** Ends it in order. */
    void stop() throws InterruptedException {
        process.stop(STOP);
        process.close();
    }

    @Override
    public void close() {
        process.close();
    }
}
