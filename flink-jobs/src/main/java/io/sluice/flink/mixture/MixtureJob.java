package io.sluice.flink.mixture;

import io.sluice.flink.job.ClusterEnvironment;
import io.sluice.flink.kafka.TopicPreflight;
import io.sluice.flink.mixture.decision.KafkaEpochClaim;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs the mixture job on a Flink cluster: {@code MixtureJob --bootstrap HOST:PORT [--prefix P]
 * [--group G] [--kafka KEY=VALUE]... [--kafka-properties FILE] [--skip TOPIC:PARTITION:OFFSET]...}.
 * Parallelism is the cluster's, and so is what it says of state and checkpoints; a folder for
 * checkpoints it must name.
 */
public final class MixtureJob {

    /** The job's name in Flink's web interface and metrics. */
    public static final String NAME = "sluice-mixture";

    /**
     * Size of a network buffer: a TaskManager's setting, not a job's. With Flink's 32 KiB every
     * second signal with a sketch of 8,191 numbers spans two buffers and is copied once more, and
     * the ten buffers between two stages hold some twenty signals.
     */
    public static final MemorySize NETWORK_BUFFER = MemorySize.parse("256kb");

    private static final int MAX_PARALLELISM = 240;
    private static final int RESTARTS_IN_A_ROW = 240;

    private MixtureJob() {}

    public static void main(String[] args) throws Exception {
        MixtureOptions options = MixtureArguments.parse(args);
        prepare(ClusterEnvironment.of(settings()), options).execute(NAME);
    }

    /** The settings that the job itself insists on, wherever it runs. */
    public static Configuration settings() {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        // Everything between stages is immutable.
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        settings.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                Duration.ofSeconds(30));
        // A job that has run for a minute waits a second again: machines die on different days.
        settings.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofMinutes(1));
        // Two hours of failing without a minute's work are a fault that waiting does not mend.
        settings.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS,
                RESTARTS_IN_A_ROW);
        return settings;
    }

    /**
     * Checks the topics and adds the job to an environment.
     *
     * @throws TopicPreflight.TopicsUnavailableException when a topic is missing
     */
    public static StreamExecutionEnvironment prepare(
            StreamExecutionEnvironment environment, MixtureOptions options) {
        Properties kafka = options.kafka();
        TopicPreflight.require(kafka, options.topics());
        MixtureTopology.build(
                environment, options, new KafkaEpochClaim(kafka, options.name(Topic.CLAIMS)));
        return environment;
    }
}
