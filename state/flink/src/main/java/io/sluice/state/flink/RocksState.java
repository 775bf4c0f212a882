package io.sluice.state.flink;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.ReadableConfig;
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

    /** What suits any run, with the value for it. */
    private static final List<Setting<?>> SETTINGS =
            List.of(
                    new Setting<>(StateBackendOptions.STATE_BACKEND, "rocksdb"),
                    new Setting<>(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true),
                    new Setting<>(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem"),
                    new Setting<>(
                            CheckpointingOptions.FS_SMALL_FILE_THRESHOLD,
                            MemorySize.ofMebiBytes(1)),
                    // A signal is read by its key, which most files do not hold.
                    new Setting<>(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true),
                    // Filters of large files are megabytes, which memory would hold in turns.
                    new Setting<>(RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS, true),
                    // Keys grow with the rounds, so the small file of every checkpoint is moved
                    // down a level as it is, and nothing else would ever merge it with its like.
                    new Setting<>(
                            RocksDBManualCompactionOptions.MIN_INTERVAL, Duration.ofMinutes(1)),
                    new Setting<>(
                            RocksDBManualCompactionOptions.MAX_FILE_SIZE_TO_COMPACT,
                            MemorySize.ofMebiBytes(1)),
                    // What RocksDB says of every flush and compaction outgrows the state within
                    // the hour.
                    new Setting<>(RocksDBConfigurableOptions.LOG_LEVEL, InfoLogLevel.WARN_LEVEL),
                    // One failed checkpoint, or one that cannot be read, must not end a run of
                    // weeks.
                    new Setting<>(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 3),
                    new Setting<>(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, 3),
                    new Setting<>(
                            CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                            ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION));

    private record Setting<T>(ConfigOption<T> option, T value) {

        void set(Configuration configuration) {
            configuration.set(option, value);
        }

        void setWhereUnset(Configuration configuration, ReadableConfig given) {
            if (given.getOptional(option).isEmpty()) {
                set(configuration);
            }
        }
    }

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
        SETTINGS.forEach(setting -> setting.set(configuration));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval);
        checkpoints.ifPresent(
                uri -> configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri));
    }

    /**
     * The same settings, without those that somebody has made already.
     *
     * @param given what is set, by whatever name Flink knows it
     * @param interval time between checkpoints where none is set
     * @return what is to be added
     * @throws IllegalArgumentException when no folder for checkpoints is set, which nobody can
     *     guess
     */
    public static Configuration missing(ReadableConfig given, Duration interval) {
        if (given.getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY).isEmpty()) {
            throw new IllegalArgumentException(
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY.key()
                            + " is not set, so that a lost JobManager would lose all that the job"
                            + " knows: name a folder that every machine sees in the cluster's"
                            + " config.yaml, or with -D"
                            + CheckpointingOptions.CHECKPOINTS_DIRECTORY.key()
                            + "=URI");
        }
        Configuration missing = new Configuration();
        SETTINGS.forEach(setting -> setting.setWhereUnset(missing, given));
        new Setting<>(CheckpointingOptions.CHECKPOINTING_INTERVAL, interval)
                .setWhereUnset(missing, given);
        return missing;
    }
}
