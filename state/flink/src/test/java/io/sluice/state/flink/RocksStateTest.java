package io.sluice.state.flink;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                        Map.ofEntries(
                                entry("state.backend.type", "rocksdb"),
                                entry("state.backend.rocksdb.use-bloom-filter", "true"),
                                entry(
                                        "state.backend.rocksdb.manual-compaction.min-interval",
                                        "1 min"),
                                entry(
                                        "state.backend.rocksdb.manual-compaction.max-file-size-to-compact",
                                        "1 mb"),
                                entry(
                                        "state.backend.rocksdb.memory.partitioned-index-filters",
                                        "true"),
                                entry("state.backend.rocksdb.log.level", "WARN_LEVEL"),
                                entry("execution.checkpointing.incremental", "true"),
                                entry("execution.checkpointing.storage", "filesystem"),
                                entry("execution.checkpointing.dir", "file:///checkpoints"),
                                entry("execution.checkpointing.data-inline-threshold", "1 mb"),
                                entry("execution.checkpointing.interval", "20 s"),
                                entry("execution.checkpointing.tolerable-failed-checkpoints", "3"),
                                entry("execution.checkpointing.num-retained", "3"),
                                entry(
                                        "execution.checkpointing.externalized-checkpoint-retention",
                                        "RETAIN_ON_CANCELLATION")));
    }

    @Test
    void leavesOtherSettingsAlone() {
        Configuration configuration = new Configuration();
        configuration.setString("parallelism.default", "4");

        RocksState.configure(
                configuration, Optional.of("file:///checkpoints"), Duration.ofSeconds(20));

        assertThat(configuration.toMap()).containsEntry("parallelism.default", "4");
    }

    @Test
    void whatAClusterHasSetIsLeftToIt() {
        Configuration given = new Configuration();
        given.setString("state.checkpoints.dir", "file:///by-its-older-name");
        given.setString("state.backend.type", "hashmap");
        given.setString("execution.checkpointing.interval", "1 min");
        given.setString("execution.checkpointing.num-retained", "1");

        Configuration missing = RocksState.missing(given, Duration.ofSeconds(20));

        Configuration all = new Configuration();
        RocksState.configure(all, Optional.empty(), Duration.ofSeconds(20));
        assertThat(missing.keySet()).doesNotContainAnyElementsOf(given.keySet());
        assertThat(given.keySet().size() - 1 + missing.keySet().size())
                .isEqualTo(all.keySet().size());
        missing.toMap().forEach((key, value) -> assertThat(all.toMap()).containsEntry(key, value));
    }

    @Test
    void aClusterThatHasSetNothingButAFolderGetsAll() {
        Configuration given = new Configuration();
        given.setString("execution.checkpointing.dir", "file:///checkpoints");

        Configuration all = new Configuration();
        RocksState.configure(all, Optional.empty(), Duration.ofSeconds(20));
        assertThat(RocksState.missing(given, Duration.ofSeconds(20)).toMap())
                .isEqualTo(all.toMap());
    }

    @Test
    void withoutAFolderForCheckpointsNothingStarts() {
        Configuration given = new Configuration();
        given.setString("execution.checkpointing.interval", "1 min");

        assertThatThrownBy(() -> RocksState.missing(given, Duration.ofSeconds(20)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("execution.checkpointing.dir is not set")
                .hasMessageContaining("-Dexecution.checkpointing.dir=URI");
    }
}
