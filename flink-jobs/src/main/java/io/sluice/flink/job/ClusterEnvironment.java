package io.sluice.flink.job;

import io.sluice.state.flink.RocksState;
import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The environment in which a cluster runs a job's main class ({@code flink run}, application mode).
 * What it says of state and checkpoints holds; what it leaves open is set as {@link RocksState} has
 * it, because Flink would keep the state on the heap and take no checkpoint.
 */
public final class ClusterEnvironment {

    /** Time between checkpoints where the cluster names none; that of {@code job submit}. */
    static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);

    private ClusterEnvironment() {}

    /**
     * Makes the environment.
     *
     * @param settings what the job insists on, whatever the cluster says
     * @throws IllegalArgumentException when the cluster has no folder for checkpoints
     */
    public static StreamExecutionEnvironment of(Configuration settings) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(settings);
        environment.configure(
                RocksState.missing(environment.getConfiguration(), CHECKPOINT_INTERVAL));
        return environment;
    }
}
