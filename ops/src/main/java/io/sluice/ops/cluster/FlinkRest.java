package io.sluice.ops.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.ops.UserException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.api.common.JobID;

/** Asks a running Flink, by the REST interface that every JobManager has. */
final class FlinkRest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();
    private final URI address;

    FlinkRest(URI address) {
        this.address = address;
    }

    /** The Flink version of the cluster. */
    String version() throws InterruptedException {
        return get("/config").path("flink-version").asText();
    }

    /** Slots that no job has. */
    int freeSlots() throws InterruptedException {
        return get("/overview").path("slots-available").asInt();
    }

    /** A setting of the JobManager, if it is set. */
    Optional<String> setting(String key) throws InterruptedException {
        for (JsonNode entry : get("/jobmanager/config")) {
            if (entry.path("key").asText().equals(key)) {
                return Optional.of(entry.path("value").asText());
            }
        }
        return Optional.empty();
    }

    /** A job's state, as {@code RUNNING}. */
    String state(JobID job) throws InterruptedException {
        return get("/jobs/" + job).path("state").asText();
    }

    /** Whether a job and each of its tasks run. */
    boolean isRunning(JobID job) throws InterruptedException {
        JsonNode details = get("/jobs/" + job);
        boolean all = details.path("state").asText().equals("RUNNING");
        for (JsonNode vertex : details.path("vertices")) {
            all &=
                    vertex.path("tasks").path("RUNNING").asInt()
                            == vertex.path("parallelism").asInt();
        }
        return all;
    }

    /** The first line of a job's last failure, and of its deepest cause; empty when it had none. */
    Optional<String> failure(JobID job) throws InterruptedException {
        JsonNode entries =
                get("/jobs/" + job + "/exceptions").path("exceptionHistory").path("entries");
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        String trace = entries.get(0).path("stacktrace").asText();
        String first = trace.lines().findFirst().orElse("");
        String deepest =
                trace.lines()
                        .filter(line -> line.startsWith("Caused by: "))
                        .reduce(first, (before, line) -> line.substring("Caused by: ".length()));
        return Optional.of(deepest);
    }

    private JsonNode get(String path) throws InterruptedException {
        URI uri = URI.create(address + path);
        try {
            HttpResponse<byte[]> response =
                    client.send(
                            HttpRequest.newBuilder(uri).timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                throw unusable("answers " + response.statusCode() + " to " + path, null);
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw unusable("does not answer " + path + " (" + e + ")", e);
        }
    }

    private UserException unusable(String what, Throwable cause) {
        return new UserException(
                "the Flink cluster at "
                        + address
                        + " "
                        + what
                        + ": check that --flink is the address of a JobManager's web interface",
                cause);
    }
}
