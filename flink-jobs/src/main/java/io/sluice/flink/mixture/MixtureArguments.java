package io.sluice.flink.mixture;

import io.sluice.flink.kafka.KafkaSettings;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the arguments with which a Flink cluster starts the job. */
final class MixtureArguments {

    private static final String USAGE =
            "--bootstrap HOST:PORT [--prefix P] [--group G] [--idle-days N] [--kafka KEY=VALUE]... [--kafka-properties FILE]"
                    + " [--skip TOPIC:PARTITION:OFFSET]...";

    private MixtureArguments() {}

    /**
     * The options that {@code arguments} ask for.
     *
     * @throws IllegalArgumentException when one is unknown, lacks its value, or the brokers'
     *     address is missing
     */
    static MixtureOptions parse(String... arguments) {
        Optional<String> bootstrap = Optional.empty();
        String prefix = Topic.DEFAULT_PREFIX;
        Optional<String> group = Optional.empty();
        Optional<Integer> idleDays = Optional.empty();
        Optional<Path> file = Optional.empty();
        List<String> settings = new ArrayList<>();
        Set<String> skipped = new TreeSet<>();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " has no value; usage: " + USAGE);
            }
            String value = arguments[i + 1];
            switch (name) {
                case "--bootstrap" -> bootstrap = Optional.of(value);
                case "--prefix" -> prefix = value;
                case "--group" -> group = Optional.of(value);
                case "--idle-days" -> idleDays = Optional.of(days(value));
                case "--kafka" -> settings.add(value);
                case "--kafka-properties" -> file = Optional.of(Path.of(value));
                case "--skip" -> skipped.add(value);
                default ->
                        throw new IllegalArgumentException(
                                "the job has no option '" + name + "'; usage: " + USAGE);
            }
        }
        String brokers =
                bootstrap.orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "--bootstrap is missing; usage: " + USAGE));
        MixtureOptions options =
                MixtureOptions.of(KafkaSettings.of(file, settings, brokers))
                        .withTopicPrefix(prefix)
                        .withSkipped(skipped);
        MixtureOptions grouped = group.map(options::withGroup).orElse(options);
        return idleDays.map(Duration::ofDays).map(grouped::withIdleTime).orElse(grouped);
    }

    private static int days(String value) {
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw new IllegalArgumentException(
                    "--idle-days must be 1 to 99999, not " + value + "; usage: " + USAGE);
        }
        return Integer.parseInt(value);
    }
}
