package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.flink.mixture.MixtureJob;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint;
import org.apache.flink.runtime.taskexecutor.TaskManagerRunner;

/**
 * A session cluster: JobManager and TaskManager in JVMs of their own, with Flink and RocksDB on
 * their class path and nothing of this project, of Kafka or of Avro.
 */
final class FlinkCluster implements AutoCloseable {

    /** What a Flink distribution does not have. */
    private static final List<String> NOT_OF_FLINK =
            List.of(
                    "sluice-",
                    "flink-connector-kafka",
                    "kafka",
                    "avro",
                    "jackson-",
                    "lz4-java",
                    "snappy-java",
                    "zstd-jni");

    private final URI rest;
    private final HttpClient client = HttpClient.newHttpClient();
    private final Path folder;
    private final Map<String, Process> processes = new LinkedHashMap<>();

    private FlinkCluster(Path folder, int restPort) {
        this.folder = folder;
        this.rest = URI.create("http://127.0.0.1:" + restPort);
    }

    static FlinkCluster start(Path folder) throws IOException {
        int restPort = freePort();
        Path conf = Files.createDirectories(folder.resolve("conf"));
        Files.writeString(
                conf.resolve("config.yaml"),
                """
                jobmanager.rpc.address: 127.0.0.1
                jobmanager.rpc.port: %d
                jobmanager.bind-host: 127.0.0.1
                rest.address: 127.0.0.1
                rest.bind-address: 127.0.0.1
                rest.port: %d
                taskmanager.host: 127.0.0.1
                taskmanager.bind-host: 127.0.0.1
                taskmanager.numberOfTaskSlots: 2
                taskmanager.cpu.cores: 1
                taskmanager.memory.task.heap.size: 192m
                taskmanager.memory.task.off-heap.size: 32m
                taskmanager.memory.framework.heap.size: 64m
                taskmanager.memory.framework.off-heap.size: 64m
                taskmanager.memory.managed.size: 64m
                taskmanager.memory.network.min: 64m
                taskmanager.memory.network.max: 64m
                taskmanager.memory.segment-size: %s
                taskmanager.memory.jvm-metaspace.size: 128m
                taskmanager.memory.jvm-overhead.min: 64m
                taskmanager.memory.jvm-overhead.max: 64m
                execution.checkpointing.dir: %s
                """
                        .formatted(
                                freePort(),
                                restPort,
                                MixtureJob.NETWORK_BUFFER,
                                folder.resolve("checkpoints").toUri()));
        FlinkCluster cluster = new FlinkCluster(folder, restPort);
        cluster.launch(conf, "job-manager", StandaloneSessionClusterEntrypoint.class);
        cluster.launch(conf, "task-manager", TaskManagerRunner.class);
        return cluster;
    }

    URI rest() {
        return rest;
    }

    /** Returns when the JobManager answers; fails when a process has ended. */
    void awaitAnswer() throws Exception {
        while (!answers()) {
            requireAlive();
        }
    }

    /** Gives the processes a moment, in which none may end. */
    private void requireAlive() throws InterruptedException {
        for (Map.Entry<String, Process> one : processes.entrySet()) {
            assertThat(one.getValue().waitFor(100, TimeUnit.MILLISECONDS))
                    .as(() -> "ended: " + output(one.getKey()))
                    .isFalse();
        }
    }

    /** Stops a job with a savepoint, and says where that is. */
    String stop(JobID job) throws Exception {
        String body = "{\"targetDirectory\": \"" + folder.resolve("savepoints").toUri() + "\"}";
        String trigger =
                json(HttpRequest.newBuilder(rest.resolve("/jobs/" + job + "/stop"))
                                .POST(HttpRequest.BodyPublishers.ofString(body)))
                        .path("request-id")
                        .asText();
        while (true) {
            JsonNode answer =
                    json(
                            HttpRequest.newBuilder(
                                    rest.resolve("/jobs/" + job + "/savepoints/" + trigger)));
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                assertThat(answer.path("operation").has("location")).as("%s", answer).isTrue();
                return answer.path("operation").path("location").asText();
            }
            requireAlive();
        }
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
        for (Process process : processes.values()) {
            try {
                process.waitFor(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void launch(Path conf, String name, Class<?> main) {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx320m",
                        "-Dsluice.log=" + folder.resolve(name + ".log"),
                        "-cp",
                        classPath(),
                        main.getName(),
                        "--configDir",
                        conf.toString());
        builder.redirectErrorStream(true).redirectOutput(out(name).toFile());
        try {
            processes.put(name, builder.start());
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() throws Exception {
        try {
            json(HttpRequest.newBuilder(rest.resolve("/overview")));
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    private JsonNode json(HttpRequest.Builder request) throws Exception {
        return new ObjectMapper()
                .readTree(client.send(request.build(), BodyHandlers.ofByteArray()).body());
    }

    private Path out(String name) {
        return folder.resolve(name + ".out");
    }

    private String output(String name) {
        try {
            return Files.readString(out(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar"))
                .filter(
                        entry ->
                                NOT_OF_FLINK.stream()
                                        .noneMatch(new File(entry).getName()::startsWith))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
