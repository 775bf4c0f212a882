package io.sluice.ops.stack;

import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Broker, topics and mixture job in this JVM. */
public final class LocalStack implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final EmbeddedJob job;

    private LocalStack(EmbeddedBroker broker, EmbeddedJob job) {
        this.broker = broker;
        this.job = job;
    }

    /**
     * Starts everything; what had started is closed again when something fails.
     *
     * @param folder where everything keeps its state
     * @param parallelism partitions of the topics and parallelism of the job
     */
    public static LocalStack start(Path folder, int parallelism) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"));
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

    /** Why the job ended, if it ended by itself. */
    public Optional<Throwable> jobFailure() {
        return job.failure();
    }

    @Override
    public void close() {
        job.close();
        broker.close();
    }

    private static Properties client(String bootstrap) {
        Properties properties = new Properties();
        properties.setProperty("bootstrap.servers", bootstrap);
        return properties;
    }
}
