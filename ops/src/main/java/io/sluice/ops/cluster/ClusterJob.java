package io.sluice.ops.cluster;

import io.sluice.flink.candidate.CandidateJob;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.flink.mixture.MixtureJob;
import io.sluice.flink.mixture.MixtureOptions;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that a cluster may be handed.
 *
 * @param name its name in Flink's web interface
 * @param settings the settings that it insists on, wherever it runs
 * @param preparation checks its topics and adds it to an environment
 */
public record ClusterJob(
        String name,
        Configuration settings,
        UnaryOperator<StreamExecutionEnvironment> preparation) {

    /** The mixture job. */
    public static ClusterJob of(MixtureOptions options) {
        return new ClusterJob(
                MixtureJob.NAME,
                MixtureJob.settings(),
                environment -> MixtureJob.prepare(environment, options));
    }

    /** The candidate job. */
    public static ClusterJob of(CandidateOptions options) {
        return new ClusterJob(
                CandidateJob.NAME,
                CandidateJob.settings(),
                environment -> CandidateJob.prepare(environment, options));
    }
}
