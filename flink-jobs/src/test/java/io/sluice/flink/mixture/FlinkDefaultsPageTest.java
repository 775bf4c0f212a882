package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.candidate.CandidateJob;
import io.sluice.state.flink.RocksState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.apache.flink.state.rocksdb.sstmerge.RocksDBManualCompactionOptions;
import org.junit.jupiter.api.Test;

/**
 * docs/reference/flink-defaults.md has every Flink option that the code sets, with Flink's default
 * and ours, and those that were looked at and left. {@code -Dsluice.write=true} writes the tables
 * anew.
 */
class FlinkDefaultsPageTest {

    private static final Path PAGE = Path.of("../docs/reference/flink-defaults.md");
    private static final String CHANGED =
            "| option | Flink's default | Sluice | holds | why |\n| --- | --- | --- | --- | --- |\n";
    private static final String LEFT =
            "| option | Flink's default | why it is left |\n| --- | --- | --- |\n";

    /** Values that are the caller's: the page says so instead of a value. */
    private static final Map<ConfigOption<?>, String> CALLERS =
            Map.of(
                    CheckpointingOptions.CHECKPOINTING_INTERVAL, "5 s embedded, else 10 s",
                    CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                            "the job's state folder embedded, else the cluster's");

    private record Row(ConfigOption<?> option, String why) {}

    private static final List<Row> ROWS =
            List.of(
                    new Row(
                            PipelineOptions.GENERIC_TYPES,
                            "Kryo never enters state: what it wrote, a later build may not read"),
                    new Row(
                            PipelineOptions.MAX_PARALLELISM,
                            "fixed, for it decides where keys lie in a savepoint; divisible by most parallelisms"),
                    new Row(
                            PipelineOptions.OBJECT_REUSE,
                            "everything between stages is immutable, so copies would only cost"),
                    new Row(
                            RestartStrategyOptions.RESTART_STRATEGY,
                            "retries, ever more slowly: a broker that is away for an hour must not end a run of weeks"),
                    new Row(
                            RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
                            "after a long outage the loop closes within half a minute"),
                    new Row(
                            RestartStrategyOptions
                                    .RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                            "a job that has run for a minute begins with a short delay again"),
                    new Row(
                            RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS,
                            "two hours of failing without a minute's work is a fault for somebody to see"),
                    new Row(
                            StateBackendOptions.STATE_BACKEND,
                            "open rounds with sketches outgrow a heap"),
                    new Row(
                            RocksDBConfigurableOptions.USE_BLOOM_FILTER,
                            "a signal is read by its key, which most files do not hold"),
                    new Row(
                            RocksDBOptions.USE_PARTITIONED_INDEX_FILTERS,
                            "filters of large files are megabytes, which memory would hold in turns"),
                    new Row(
                            RocksDBManualCompactionOptions.MIN_INTERVAL,
                            "every checkpoint leaves a small file, and as keys grow with the rounds nothing else would merge them: files without end"),
                    new Row(
                            RocksDBManualCompactionOptions.MAX_FILE_SIZE_TO_COMPACT,
                            "what counts as a small file"),
                    new Row(
                            RocksDBConfigurableOptions.LOG_LEVEL,
                            "what RocksDB says of every flush and compaction outgrows the state within the hour"),
                    new Row(
                            CheckpointingOptions.INCREMENTAL_CHECKPOINTS,
                            "a checkpoint costs what has changed, not what there is"),
                    new Row(
                            CheckpointingOptions.CHECKPOINT_STORAGE,
                            "checkpoints outlive the JobManager"),
                    new Row(CheckpointingOptions.CHECKPOINTS_DIRECTORY, "on disk"),
                    new Row(
                            CheckpointingOptions.FS_SMALL_FILE_THRESHOLD,
                            "small state lies in the metadata: a checkpoint is one file, not dozens"),
                    new Row(
                            CheckpointingOptions.CHECKPOINTING_INTERVAL,
                            "what is decided again after a failure; without it there are no checkpoints"),
                    new Row(
                            CheckpointingOptions.TOLERABLE_FAILURE_NUMBER,
                            "with 0, one checkpoint that times out restarts the job"),
                    new Row(
                            CheckpointingOptions.MAX_RETAINED_CHECKPOINTS,
                            "with 1, a checkpoint that cannot be read is the end"),
                    new Row(
                            CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                            "a cancelled job can go on"));

    private static final List<Row> KEPT =
            List.of(
                    new Row(
                            RestartStrategyOptions
                                    .RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                            "one failure costs a second of waiting"),
                    new Row(
                            CheckpointingOptions.CHECKPOINTING_TIMEOUT,
                            "a checkpoint of a second that takes so long has failed, and three may"),
                    new Row(
                            CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS,
                            "checkpoints are far shorter than the time between them"),
                    new Row(
                            CheckpointingOptions.ENABLE_UNALIGNED,
                            "a checkpoint so holds no events under way between stages; few lie there"),
                    new Row(
                            RocksDBOptions.USE_MANAGED_MEMORY,
                            "RocksDB keeps to a share of the TaskManager's memory, however many states there are"),
                    new Row(
                            TaskManagerOptions.MANAGED_MEMORY_FRACTION,
                            "the cluster's: it is all that RocksDB may use"),
                    new Row(
                            CoreOptions.CLASSLOADER_RESOLVE_ORDER,
                            "the job's jar brings Kafka's clients and Avro, whatever the cluster has"),
                    new Row(
                            HeartbeatManagerOptions.HEARTBEAT_INTERVAL,
                            "the cluster's; a loop that is to close fast needs less, see below"),
                    new Row(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, "the same"),
                    new Row(
                            WebOptions.SUBMIT_ENABLE,
                            "the cluster's: whoever reaches its port may run code there, so shield the port"));

    @Test
    void thePageHasEveryOptionThatTheCodeSetsAndNoOther() throws IOException {
        Configuration ours = settings();

        assertThat(ROWS)
                .extracting(row -> row.option().key())
                .containsExactlyInAnyOrderElementsOf(ours.keySet());
        assertOnPage(CHANGED, changed(ours));
    }

    @Test
    void thePageHasWhatWasLookedAtAndLeft() throws IOException {
        assertThat(KEPT)
                .extracting(row -> row.option().key())
                .doesNotContainAnyElementsOf(settings().keySet());
        assertOnPage(LEFT, left());
    }

    @Test
    void thePageHasTheOneOptionThatOnlyTheCandidateJobSets() throws IOException {
        Configuration candidate = CandidateJob.settings();
        MixtureJob.settings().keySet().forEach(candidate::removeKey);
        assertThat(candidate.keySet()).hasSize(1);
        String key = candidate.keySet().iterator().next();
        assertThat(Files.readString(PAGE))
                .contains("`%s: %s`".formatted(key, candidate.toMap().get(key)));
    }

    @Test
    void everyOptionDiffersFromFlinksDefault() {
        Configuration ours = settings();
        for (Row row : ROWS) {
            assertThat((Object) ours.get(row.option()))
                    .as(row.option().key())
                    .isNotEqualTo(row.option().defaultValue());
        }
    }

    private static Configuration settings() {
        Configuration settings = MixtureJob.settings();
        RocksState.configure(settings, Optional.of("file:///state"), Duration.ofSeconds(5));
        return settings;
    }

    private static String changed(Configuration ours) {
        Set<String> everywhere = MixtureJob.settings().keySet();
        StringBuilder table = new StringBuilder(CHANGED);
        for (Row row : ROWS) {
            table.append(
                    "| `%s` | %s | %s | %s | %s |\n"
                            .formatted(
                                    row.option().key(),
                                    fallback(row.option()),
                                    CALLERS.containsKey(row.option())
                                            ? CALLERS.get(row.option())
                                            : '`' + text(ours.get(row.option())) + '`',
                                    everywhere.contains(row.option().key())
                                            ? "everywhere"
                                            : "where unset",
                                    row.why()));
        }
        return table.toString();
    }

    private static String left() {
        StringBuilder table = new StringBuilder(LEFT);
        for (Row row : KEPT) {
            table.append(
                    "| `%s` | %s | %s |\n"
                            .formatted(row.option().key(), fallback(row.option()), row.why()));
        }
        return table.toString();
    }

    private static String fallback(ConfigOption<?> option) {
        return option.hasDefaultValue() ? '`' + text(option.defaultValue()) + '`' : "none";
    }

    private static String text(Object value) {
        return value instanceof Duration duration ? duration.toSeconds() + " s" : value.toString();
    }

    private static void assertOnPage(String head, String table) throws IOException {
        if (Boolean.getBoolean("sluice.write")) {
            String page = Files.readString(PAGE);
            int from = page.indexOf(head);
            int end = page.indexOf("\n\n", from);
            String rest = end < 0 ? "" : page.substring(end + 1);
            Files.writeString(PAGE, page.substring(0, from) + table + rest);
        }
        assertThat(Files.readString(PAGE) + "\n")
                .as("-Dsluice.write=true writes the table")
                .contains(table + "\n");
    }
}
