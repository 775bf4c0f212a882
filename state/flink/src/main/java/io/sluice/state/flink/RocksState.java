package io.sluice.state.flink;

import java.time.Duration;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.state.rocksdb.sstmerge.RocksDBManualCompactionOptions;
import org.rocksdb.InfoLogLevel;

/**
 * Keyed state in RocksDB with incremental checkpoints, and those of Flink's defaults that would
 * bite a long run.
 */
public final class RocksState {

    private RocksState() {}

    /**
     * Sets state backend and checkpoints.
     *
     * @param configuration where to set them
     * @param checkpoints URI of the folder for checkpoints; empty for the cluster's own setting
     * @param interval time between checkpoints
     */
    public static void configure(
            Configuration configuration, Optional<String> checkpoints, Duration interval) {
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        checkpoints.ifPresent(
                uri -> configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri));
        configuration.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
        // A signal is read by its key, which most files do not hold.
        configuration.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        // Filters of large files are megabytes, which memory would hold in turns.
        configuration.set(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS, true);
        // Keys grow with the rounds, so the small file of every checkpoint is moved down a level
        // as it is, and nothing else would ever merge it with its like.
        configuration.set(RocksDBManualCompactionOptions.MIN_INTERVAL, Duration.ofMinutes(1));
        configuration.set(
                RocksDBManualCompactionOptions.MAX_FILE_SIZE_TO_COMPACT, MemorySize.ofMebiBytes(1));
        // What RocksDB says of every flush and compaction outgrows the state within the hour.
        configuration.set(RocksDBConfigurableOptions.LOG_LEVEL, InfoLogLevel.WARN_LEVEL);
        // One failed checkpoint, or one that cannot be read, must not end a run of weeks.
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 3);
        configuration.set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 3);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    }
}
