package io.sluice.ops.stack;

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
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The mixture job on a Flink mini cluster in this JVM, with RocksDB state and checkpoints on disk.
 */
public final class EmbeddedJob implements AutoCloseable {

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);
    private static final long CLOSE_SECONDS = 30;

    private final JobClient client;
    private final CompletableFuture<?> result;

    private EmbeddedJob(JobClient client) {
        this.client = client;
        this.result = client.getJobExecutionResult();
    }

    /**
     * Starts the job.
     *
     * @param folder where state and checkpoints lie
     * @param options settings of the job
     * @param parallelism parallelism of every stage
     */
    public static EmbeddedJob start(Path folder, MixtureOptions options, int parallelism)
            throws Exception {
        StreamExecutionEnvironment environment = environment(folder, parallelism);
        MixtureJob.prepare(environment, options);
        return new EmbeddedJob(environment.executeAsync(MixtureJob.NAME));
    }

    /**
     * A local environment with this project's settings, for the mixture job and for what is
     * measured beside it.
     */
    public static StreamExecutionEnvironment environment(Path folder, int parallelism) {
        Configuration settings = MixtureJob.settings();
        settings.set(CoreOptions.TMP_DIRS, folder.resolve("tmp").toString());
        settings.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(128));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
        settings.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
        RocksState.configure(
                settings, folder.resolve("checkpoints").toUri().toString(), CHECKPOINT_INTERVAL);
        return StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
    }

    /** Why the job ended, if it ended by itself. */
    public Optional<Throwable> failure() {
        if (!result.isCompletedExceptionally()) {
            return Optional.empty();
        }
        return Optional.of(result.handle((value, failure) -> failure).join());
    }

    @Override
    public void close() {
        try {
            client.cancel().get(CLOSE_SECONDS, TimeUnit.SECONDS);
            result.handle((value, failure) -> null).get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // It had ended before, or does not end: the JVM does, and its checkpoints are on disk.
            result.cancel(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
