package io.sluice.flink.mixture;

import io.sluice.flink.job.JobArguments;
import java.time.Duration;
import java.util.Set;

/** Reads the arguments with which a Flink cluster starts the job. */
final class MixtureArguments {

    private static final String IDLE_DAYS = "--idle-days";

    private MixtureArguments() {}

    /**
     * The options that {@code arguments} ask for.
     *
     * @throws IllegalArgumentException when one is unknown, lacks its value, or the brokers'
     *     address is missing
     */
    static MixtureOptions parse(String... arguments) {
        JobArguments given = JobArguments.parse(Set.of(IDLE_DAYS), "[--idle-days N]", arguments);
        MixtureOptions options =
                MixtureOptions.of(given.kafka())
                        .withTopicPrefix(given.prefix())
                        .withSkipped(given.skipped());
        MixtureOptions grouped = given.group().map(options::withGroup).orElse(options);
        return given.other(IDLE_DAYS)
                .map(days -> grouped.withIdleTime(Duration.ofDays(days(days))))
                .orElse(grouped);
    }

    private static int days(String value) {
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException(
                    "--idle-days must be 1 to 99999, not " + value + "; usage: [--idle-days N]");
        }
        return Integer.parseInt(value);
    }
}
