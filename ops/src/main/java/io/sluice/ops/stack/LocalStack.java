package io.sluice.ops.stack;

import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;

/**
 * Broker, topics and mixture job in this JVM. In a folder that a stack has used before, it goes on
 * where that one was.
 */
public final class LocalStack implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final EmbeddedJob job;

    private LocalStack(EmbeddedBroker broker, EmbeddedJob job) {
        this.broker = broker;
        this.job = job;
    }

    /** As {@link #start(Path, int, int)}, on a free port. */
    public static LocalStack start(Path folder, int parallelism) throws Exception {
        return start(folder, 0, parallelism);
    }

    /**
     * Starts everything; what had started is closed again when something fails.
     *
     * @param folder where everything keeps its state
     * @param kafkaPort port of the broker; 0 takes a free one
     * @param parallelism partitions of the topics that do not exist, and parallelism of the job
     */
    public static LocalStack start(Path folder, int kafkaPort, int parallelism) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), kafkaPort);
        try {
            Topics.create(client(broker.bootstrap()), Topic.DEFAULT_PREFIX, parallelism, (short) 1);
            EmbeddedJob job =
                    EmbeddedJob.start(
                            folder.resolve("flink"),
                            MixtureOptions.of(broker.bootstrap()),
                            parallelism);
            return new LocalStack(broker, job);
        } catch (Throwable e) {
            broker.close();
            throw e;
        }
    }

    /** Client properties that reach the broker. */
    public Properties client() {
        return client(broker.bootstrap());
    }

    /** Where clients find the broker. */
    public String bootstrap() {
        return broker.bootstrap();
    }

    /** The snapshot that the job went on from; empty where it began anew. */
    public Optional<Path> restoredFrom() {
        return job.restoredFrom();
    }

    /** Why the job ended, if it ended by itself. */
    public Optional<Throwable> jobFailure() {
        return job.failure();
    }

    /** Completes when the job has ended, for whatever reason. */
    public CompletableFuture<Void> jobEnd() {
        return job.end();
    }

    /** Closes everything, with a snapshot of all the job knows. */
    public void suspend() {
        try {
            job.suspend();
        } finally {
            broker.close();
        }
    }

    @Override
    public void close() {
        try {
            job.close();
        } finally {
            broker.close();
        }
    }

    private static Properties client(String bootstrap) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        return properties;
    }
}
