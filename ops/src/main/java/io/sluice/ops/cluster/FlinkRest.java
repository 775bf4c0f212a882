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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.api.common.JobID;

/** Asks a running Flink, by the REST interface that every JobManager has. */
public final class FlinkRest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 200;
    private static final Set<String> ENDED = Set.of("FAILED", "CANCELED", "FINISHED");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(TIMEOUT)
                    .build();
    private final URI address;

    public FlinkRest(URI address) {
        this.address = address;
    }

    /** The Flink version of the cluster. */
    String version() throws InterruptedException {
        return get("/config").path("flink-version").asText();
    }

    /** All slots, whether a job has them or not. */
    public int slots() throws InterruptedException {
        return get("/overview").path("slots-total").asInt();
    }

    /** Slots that no job has. */
    public int freeSlots() throws InterruptedException {
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
    public String state(JobID job) throws InterruptedException {
        return get("/jobs/" + job).path("state").asText();
    }

    /** Whether a job and each of its tasks run. */
    public boolean isRunning(JobID job) throws InterruptedException {
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
    public Optional<String> failure(JobID job) throws InterruptedException {
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

    /** Every job that the cluster knows and that has not ended. */
    public List<JobID> liveJobs() throws InterruptedException {
        List<JobID> live = new ArrayList<>();
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            if (!ENDED.contains(job.path("state").asText())) {
                live.add(JobID.fromHexString(job.path("jid").asText()));
            }
        }
        return live;
    }

    /** The job of a name that has not ended, if there is one. */
    public Optional<JobID> liveJob(String name) throws InterruptedException {
        for (JsonNode job : get("/jobs/overview").path("jobs")) {
            if (!ENDED.contains(job.path("state").asText())
                    && job.path("name").asText().equals(name)) {
                return Optional.of(JobID.fromHexString(job.path("jid").asText()));
            }
        }
        return Optional.empty();
    }

    /** Stack traces of the job's failures that Flink remembers, newest first. */
    public List<String> failures(JobID job) throws InterruptedException {
        List<String> traces = new ArrayList<>();
        for (JsonNode entry : exceptions(job)) {
            traces.add(entry.path("stacktrace").asText());
        }
        return traces;
    }

    /**
     * When failures happened whose trace has a word, oldest first, in milliseconds of the clock.
     */
    public List<Long> failureMillis(JobID job, String word) throws InterruptedException {
        List<Long> millis = new ArrayList<>();
        for (JsonNode entry : exceptions(job)) {
            if (entry.path("stacktrace").asText().contains(word)) {
                millis.add(0, entry.path("timestamp").asLong());
            }
        }
        return millis;
    }

    /** Where the job's newest checkpoint is. */
    public String newestCheckpoint(JobID job) throws InterruptedException {
        JsonNode latest = get("/jobs/" + job + "/checkpoints").path("latest");
        String completed = latest.path("completed").path("external_path").asText();
        return completed.isEmpty()
                ? latest.path("restored").path("external_path").asText()
                : completed;
    }

    private JsonNode exceptions(JobID job) throws InterruptedException {
        return get("/jobs/" + job + "/exceptions").path("exceptionHistory").path("entries");
    }

    /** How often a checkpoint was completed since the JobManager took the job over. */
    public long completedCheckpoints(JobID job) throws InterruptedException {
        return get("/jobs/" + job + "/checkpoints").path("counts").path("completed").asLong();
    }

    /** Ids of the TaskManagers that run the job. */
    public Set<String> taskManagers(JobID job) throws InterruptedException {
        Set<String> found = new TreeSet<>();
        for (JsonNode vertex : get("/jobs/" + job).path("vertices")) {
            String path = "/jobs/" + job + "/vertices/" + vertex.path("id").asText();
            for (JsonNode one : get(path + "/taskmanagers").path("taskmanagers")) {
                found.add(one.path("taskmanager-id").asText());
            }
        }
        return found;
    }

    /**
     * Takes a savepoint.
     *
     * @param folder URI of the folder to put it in
     * @param stop whether the job ends with it
     * @return where it is
     */
    public String savepoint(JobID job, String folder, boolean stop) throws InterruptedException {
        String path = "/jobs/" + job + (stop ? "/stop" : "/savepoints");
        String key = stop ? "targetDirectory" : "target-directory";
        String id =
                send(
                                HttpRequest.newBuilder(URI.create(address + path))
                                        .header("Content-Type", "application/json")
                                        .POST(
                                                HttpRequest.BodyPublishers.ofString(
                                                        "{\"" + key + "\": \"" + folder + "\"}")),
                                path)
                        .path("request-id")
                        .asText();
        while (true) {
            JsonNode answer = get("/jobs/" + job + "/savepoints/" + id);
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                JsonNode operation = answer.path("operation");
                if (!operation.has("location")) {
                    throw new UserException("the job made no savepoint: " + reason(operation));
                }
                return operation.path("location").asText();
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** The innermost cause, in one line: Flink answers with whole traces, and again in bytes. */
    private static String reason(JsonNode operation) {
        String trace = operation.path("failure-cause").path("stack-trace").asText();
        String before = "Caused by: ";
        return trace.lines()
                .filter(line -> line.startsWith(before))
                .reduce((outer, inner) -> inner)
                .map(line -> line.substring(before.length()))
                .or(() -> trace.lines().findFirst())
                .orElse("Flink does not say why");
    }

    /** Ends a job without a savepoint. */
    public void cancel(JobID job) throws InterruptedException {
        String path = "/jobs/" + job + "?mode=cancel";
        send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .method("PATCH", HttpRequest.BodyPublishers.noBody()),
                path);
        while (!ENDED.contains(state(job))) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    private JsonNode get(String path) throws InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address + path)), path);
    }

    private JsonNode send(HttpRequest.Builder request, String path) throws InterruptedException {
        try {
            HttpResponse<byte[]> response =
                    client.send(
                            request.timeout(TIMEOUT).build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200 && response.statusCode() != 202) {
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
