package io.sluice.ops.stack;

import io.sluice.flink.candidate.CandidateJob;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.mixture.MixtureJob;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.state.flink.RocksState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job of this project on a Flink mini cluster in this JVM, with RocksDB state and checkpoints on
 * disk. A job that starts in a folder where one has been before goes on from that one's newest
 * checkpoint.
 */
public final class EmbeddedJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedJob.class);
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);
    private static final long CLOSE_SECONDS = 30;
    private static final long SAVEPOINT_SECONDS = 20;

    private final JobClient client;
    private final CompletableFuture<?> result;
    private final JobLives.Life life;

    private EmbeddedJob(JobClient client, JobLives.Life life) {
        this.client = client;
        this.result = client.getJobExecutionResult();
        this.life = life;
    }

    /**
     * Starts the mixture job.
     *
     * @param folder where state and checkpoints lie
     * @param options settings of the job
     * @param parallelism parallelism of every stage
     */
    public static EmbeddedJob start(Path folder, MixtureOptions options, int parallelism)
            throws Exception {
        return start(
                folder,
                MixtureJob.NAME,
                MixtureJob.settings(),
                parallelism,
                environment -> MixtureJob.prepare(environment, options));
    }

    /** Starts the candidate job, in the same way. */
    public static EmbeddedJob start(Path folder, CandidateOptions options, int parallelism)
            throws Exception {
        return start(
                folder,
                CandidateJob.NAME,
                CandidateJob.settings(),
                parallelism,
                environment -> CandidateJob.prepare(environment, options));
    }

    private static EmbeddedJob start(
            Path folder,
            String name,
            Configuration base,
            int parallelism,
            Consumer<StreamExecutionEnvironment> preparation)
            throws Exception {
        JobLives.Life life = new JobLives(folder).begin();
        // Of its own: a life that has just ended may still be clearing up.
        Configuration settings = settings(base, working(life), life.checkpoints());
        life.restore()
                .ifPresent(
                        snapshot -> {
                            settings.set(
                                    StateRecoveryOptions.SAVEPOINT_PATH,
                                    snapshot.toUri().toString());
                            settings.set(
                                    StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.NO_CLAIM);
                        });
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        preparation.accept(environment);
        return new EmbeddedJob(environment.executeAsync(name), life);
    }

    /** A local environment with this project's settings, for what is measured beside the job. */
    public static StreamExecutionEnvironment environment(Path folder, int parallelism) {
        return StreamExecutionEnvironment.createLocalEnvironment(
                parallelism,
                settings(
                        MixtureJob.settings(),
                        folder.resolve("tmp"),
                        folder.resolve("checkpoints")));
    }

    /** Where the job keeps its state while it runs. */
    public Path workingFolder() {
        return working(life);
    }

    private static Path working(JobLives.Life life) {
        return life.folder().resolve("tmp");
    }

    /** The snapshot that the job went on from; empty where it began anew. */
    public Optional<Path> restoredFrom() {
        return life.restore();
    }

    /** Why the job ended, if it ended by itself. */
    public Optional<Throwable> failure() {
        if (!result.isCompletedExceptionally()) {
            return Optional.empty();
        }
        return Optional.of(result.handle((value, failure) -> failure).join());
    }

    /** Completes when the job has ended, for whatever reason. */
    public CompletableFuture<Void> end() {
        return result.handle((value, failure) -> null);
    }

    /**
     * Ends the job with a snapshot of all it knows. Where that fails or takes too long, its newest
     * checkpoint is what the next start goes on from.
     */
    public void suspend() {
        suspend(SavepointFormatType.NATIVE);
    }

    /** As {@link #suspend()}, with a snapshot of this format. */
    public void suspend(SavepointFormatType format) {
        try {
            client.stopWithSavepoint(false, life.savepoint().toUri().toString(), format)
                    .get(SAVEPOINT_SECONDS, TimeUnit.SECONDS);
            awaitEnd();
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            LOG.warn("no savepoint: the next start goes on from the newest checkpoint", e);
            close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            client.cancel().get(CLOSE_SECONDS, TimeUnit.SECONDS);
            awaitEnd();
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            // It had ended before, or does not end: the JVM does, and its checkpoints are on disk.
            result.cancel(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitEnd() throws InterruptedException, ExecutionException, TimeoutException {
        result.handle((value, failure) -> null).get(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static Configuration settings(Configuration settings, Path tmp, Path checkpoints) {
        settings.set(CoreOptions.TMP_DIRS, tmp.toString());
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        settings.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MixtureJob.NETWORK_BUFFER);
        RocksState.configure(
                settings, Optional.of(checkpoints.toUri().toString()), CHECKPOINT_INTERVAL);
        return settings;
    }
}
