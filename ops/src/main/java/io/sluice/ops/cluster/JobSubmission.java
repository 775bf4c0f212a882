package io.sluice.ops.cluster;

import io.sluice.ops.UserException;
import io.sluice.state.flink.RocksState;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.PipelineOptionsInternal;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Hands a job to a running Flink.
 *
 * <p>The job is put together here and goes to {@code POST /jobs} with its jar, as {@code flink run}
 * does it. Uploading the jar for the cluster to run its main class ({@code /jars}) needs the web
 * module on the JobManager, which many clusters switch off, and would look for the topics from
 * there.
 */
public final class JobSubmission {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 500;

    private final SubmitOptions options;
    private final FlinkRest rest;

    public JobSubmission(SubmitOptions options) {
        this.options = options;
        this.rest = new FlinkRest(options.flink());
    }

    /**
     * Looks whether the job could run, and changes nothing.
     *
     * @throws UserException when it could not
     */
    public void check() throws Exception {
        prepare();
    }

    /**
     * Submits the job and waits until all its tasks run.
     *
     * @return its id
     * @throws UserException when they do not within three minutes, or the job fails
     */
    public JobID submit() throws Exception {
        StreamExecutionEnvironment environment = prepare();
        JobID job;
        try {
            job = environment.executeAsync(options.job().name()).getJobID();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new UserException(
                    "the cluster did not take the job: " + deepest(e) + "; its log says more", e);
        }
        awaitRunning(job);
        return job;
    }

    private StreamExecutionEnvironment prepare() throws Exception {
        if (!Files.isReadable(options.jar())) {
            throw new UserException(
                    "there is no job jar at "
                            + options.jar()
                            + ": build it with 'mvn package', or name it with --jar");
        }
        requireFlinkVersion();
        requireCheckpointFolder();
        StreamExecutionEnvironment environment = new StreamExecutionEnvironment(settings());
        environment.setParallelism(options.parallelism());
        return options.job().preparation().apply(environment);
    }

    private Configuration settings() {
        Configuration settings = new Configuration(options.job().settings());
        settings.set(DeploymentOptions.TARGET, "remote");
        settings.set(DeploymentOptions.ATTACHED, false);
        settings.set(RestOptions.ADDRESS, options.flink().getHost());
        settings.set(RestOptions.PORT, options.flink().getPort());
        settings.set(
                PipelineOptions.JARS,
                Stream.concat(Stream.of(options.jar()), options.libraries().stream())
                        .map(jar -> jar.toAbsolutePath().toUri().toString())
                        .toList());
        RocksState.configure(settings, options.checkpoints(), options.checkpointInterval());
        options.savepoint()
                .ifPresent(path -> settings.set(StateRecoveryOptions.SAVEPOINT_PATH, path));
        options.jobId()
                .ifPresent(
                        id ->
                                settings.set(
                                        PipelineOptionsInternal.PIPELINE_FIXED_JOB_ID,
                                        id.toHexString()));
        return settings;
    }

    /** What is sent is Java-serialised by one version and read by the other. */
    private void requireFlinkVersion() throws InterruptedException {
        String here = EnvironmentInformation.getVersion();
        String there = rest.version();
        if (!line(here).equals(line(there))) {
            throw new UserException(
                    "the cluster runs Flink "
                            + there
                            + " and the job is built for "
                            + here
                            + ": use a cluster of the line "
                            + line(here));
        }
    }

    private void requireCheckpointFolder() throws InterruptedException {
        String key = CheckpointingOptions.CHECKPOINTS_DIRECTORY.key();
        if (options.checkpoints().isEmpty() && rest.setting(key).isEmpty()) {
            throw new UserException(
                    "the cluster has no "
                            + key
                            + ", so that a lost JobManager would lose all that the job knows: name"
                            + " a folder that every machine sees with --checkpoints URI");
        }
    }

    private void awaitRunning(JobID job) throws InterruptedException {
        long start = System.nanoTime();
        while (!rest.isRunning(job)) {
            String state = rest.state(job);
            Optional<String> failure = rest.failure(job);
            boolean over = List.of("FAILED", "CANCELED", "FINISHED").contains(state);
            boolean late = System.nanoTime() - start > LIMIT.toNanos();
            if (over || late) {
                throw new UserException(
                        "job "
                                + job
                                + " is "
                                + state
                                + (over
                                        ? ""
                                        : " and does not run after "
                                                + LIMIT.toMinutes()
                                                + " minutes")
                                + failure.map(why -> ": " + why).orElse("")
                                + "; it needs "
                                + options.parallelism()
                                + " slots, and the cluster has "
                                + rest.freeSlots()
                                + " free ones");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static String line(String version) {
        String[] parts = version.split("\\.");
        return parts.length < 2 ? version : parts[0] + "." + parts[1];
    }

    private static String deepest(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.toString();
    }
}
