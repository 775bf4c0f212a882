package io.sluice.state.flink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class RocksStateTest {

    @Test
    void setsTheBackendAndWhatALongRunNeeds() {
        Configuration configuration = new Configuration();

        RocksState.configure(
                configuration, Optional.of("file:///checkpoints"), Duration.ofSeconds(20));

        assertThat(configuration.toMap())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "state.backend.type", "rocksdb",
                                "state.backend.rocksdb.use-bloom-filter", "true",
                                "execution.checkpointing.incremental", "true",
                                "execution.checkpointing.storage", "filesystem",
                                "execution.checkpointing.dir", "file:///checkpoints",
                                "execution.checkpointing.data-inline-threshold", "1 mb",
                                "execution.checkpointing.interval", "20 s",
                                "execution.checkpointing.tolerable-failed-checkpoints", "3",
                                "execution.checkpointing.num-retained", "3",
                                "execution.checkpointing.externalized-checkpoint-retention",
                                        "RETAIN_ON_CANCELLATION"));
    }

    @Test
    void leavesOtherSettingsAlone() {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "4");

        RocksState.configure(
                configuration, Optional.of("file:///checkpoints"), Duration.ofSeconds(20));

        assertThat(configuration.toMap()).containsEntry("parallelism.default", "4");
    }
}
