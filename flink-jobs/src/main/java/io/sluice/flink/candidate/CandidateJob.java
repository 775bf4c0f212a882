package io.sluice.flink.candidate;

import io.sluice.flink.job.ClusterEnvironment;
import io.sluice.flink.kafka.TopicPreflight;
import io.sluice.flink.mixture.MixtureJob;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Runs the candidate job on a Flink cluster: {@code CandidateJob --bootstrap HOST:PORT [--prefix P]
 * [--group G] [--set NAME=NUMBER]... [--kafka KEY=VALUE]... [--kafka-properties FILE]}. Parallelism
 * is the cluster's, and so is what it says of state and checkpoints; a folder for checkpoints it
 * must name.
 */
public final class CandidateJob {

    /** The job's name in Flink's web interface and metrics. */
    public static final String NAME = "sluice-candidate";

    private static final String COMPRESSION = "state.backend.rocksdb.compression.per.level";

    private CandidateJob() {}

    public static void main(String[] args) throws Exception {
        CandidateOptions options = CandidateArguments.parse(args);
        prepare(ClusterEnvironment.of(settings()), options).execute(NAME);
    }

    /** The settings that the job itself insists on, wherever it runs. */
    public static Configuration settings() {
        Configuration settings = MixtureJob.settings();
        // Millions of small entries whose times of expiry are nearly equal: they pack well.
        settings.setString(COMPRESSION, "ZSTD_COMPRESSION");
        return settings;
    }

    /**
     * Checks the topics and adds the job to an environment.
     *
     * @throws TopicPreflight.TopicsUnavailableException when a topic is missing
     */
    public static StreamExecutionEnvironment prepare(
            StreamExecutionEnvironment environment, CandidateOptions options) {
        TopicPreflight.require(options.kafka(), options.topics());
        CandidateTopology.build(environment, options);
        return environment;
    }
}
