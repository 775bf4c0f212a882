package io.sluice.flink.mixture;

import io.sluice.flink.kafka.TopicPreflight;
import io.sluice.flink.mixture.decision.KafkaEpochClaim;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ParameterTool;

/**
 * Runs the mixture job on a Flink cluster: {@code MixtureJob --bootstrap.servers HOST:PORT
 * [--topic.prefix P] [--group G]}. State backend, checkpoints and parallelism are the cluster's.
 */
public final class MixtureJob {

    /** The job's name in Flink's web interface and metrics. */
    public static final String NAME = "sluice-mixture";

    private static final int MAX_PARALLELISM = 240;

    private MixtureJob() {}

    public static void main(String[] args) throws Exception {
        ParameterTool arguments = ParameterTool.fromArgs(args);
        MixtureOptions defaults = MixtureOptions.of(arguments.getRequired("bootstrap.servers"));
        MixtureOptions options =
                new MixtureOptions(
                        defaults.kafka(),
                        arguments.get("topic.prefix", defaults.topicPrefix()),
                        arguments.get("group", defaults.group()),
                        defaults.holdTime(),
                        defaults.bufferTimeout());
        prepare(StreamExecutionEnvironment.getExecutionEnvironment(settings()), options)
                .execute(NAME);
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
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                Duration.ofSeconds(1));
        settings.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                Duration.ofSeconds(30));
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
