package io.sluice.flink.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.flink.candidate.CandidateJob;
import io.sluice.flink.mixture.MixtureJob;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/** The environment of a main class, where the cluster's own settings are those passed in here. */
class ClusterEnvironmentTest {

    private static final String FOLDER = "execution.checkpointing.dir";

    @Test
    void aClusterThatSaysNoMoreThanWhereCheckpointsLieHasRocksDbAndTakesThem() {
        Configuration settings = MixtureJob.settings();
        settings.setString(FOLDER, "file:///checkpoints");

        StreamExecutionEnvironment environment = ClusterEnvironment.of(settings);

        assertThat(environment.getConfiguration().get(StateBackendOptions.STATE_BACKEND))
                .isEqualTo("rocksdb");
        assertThat(environment.getCheckpointConfig().isCheckpointingEnabled()).isTrue();
        assertThat(environment.getCheckpointConfig().getCheckpointInterval())
                .isEqualTo(ClusterEnvironment.CHECKPOINT_INTERVAL.toMillis());
        assertThat(environment.getCheckpointConfig().getTolerableCheckpointFailureNumber())
                .isEqualTo(3);
        assertThat(environment.getConfiguration().get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
                .isEqualTo("file:///checkpoints");
        environment.fromData("one").print();
        assertThat(environment.getStreamGraph().getCheckpointConfig().getCheckpointInterval())
                .isEqualTo(ClusterEnvironment.CHECKPOINT_INTERVAL.toMillis());
    }

    @Test
    void whatTheClusterSaysOfStateAndCheckpointsHolds() {
        Configuration settings = CandidateJob.settings();
        settings.setString(FOLDER, "file:///checkpoints");
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMinutes(2));
        settings.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 7);

        StreamExecutionEnvironment environment = ClusterEnvironment.of(settings);

        assertThat(environment.getCheckpointConfig().getCheckpointInterval()).isEqualTo(120_000);
        assertThat(
                        environment
                                .getConfiguration()
                                .get(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS))
                .isEqualTo(7);
    }

    @Test
    void withoutAFolderForCheckpointsNothingStarts() {
        assertThatThrownBy(() -> ClusterEnvironment.of(MixtureJob.settings()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(FOLDER + " is not set");
    }
}
