package io.sluice.flink.job;

import io.sluice.flink.kafka.KafkaSettings;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The arguments with which a Flink cluster starts a job: pairs of an option and its value.
 *
 * @param kafka client properties
 * @param prefix prefix of the topics
 * @param group consumer group; empty for the job's own
 * @param skipped positions of records to be turned away unread
 * @param others values of the options that only this job has, in the order in which they came
 */
public record JobArguments(
        Properties kafka,
        String prefix,
        Optional<String> group,
        Set<String> skipped,
        Map<String, List<String>> others) {

    /** How the options that every job has are written. */
    public static final String USAGE =
            "--bootstrap HOST:PORT [--prefix P] [--group G] [--kafka KEY=VALUE]... [--kafka-properties FILE]"
                    + " [--skip TOPIC:PARTITION:OFFSET]...";

    /**
     * Reads arguments.
     *
     * @param own the options that only this job has
     * @param usage how they are written
     * @throws IllegalArgumentException when an option is unknown, lacks its value, or the brokers'
     *     address is missing
     */
    public static JobArguments parse(Set<String> own, String usage, String... arguments) {
        String help = "; usage: " + USAGE + " " + usage;
        Map<String, List<String>> values = new TreeMap<>();
        Set<String> shared =
                Set.of(
                        "--bootstrap",
                        "--prefix",
                        "--group",
                        "--kafka",
                        "--kafka-properties",
                        "--skip");
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(name + " has no value" + help);
            }
            if (!shared.contains(name) && !own.contains(name)) {
                throw new IllegalArgumentException("the job has no option '" + name + "'" + help);
            }
            values.computeIfAbsent(name, key -> new ArrayList<>()).add(arguments[i + 1]);
        }
        String brokers =
                last(values, "--bootstrap")
                        .orElseThrow(
                                () ->
                                        new IllegalArgumentException(
                                                "--bootstrap is missing" + help));
        Map<String, List<String>> others = new TreeMap<>(values);
        others.keySet().retainAll(own);
        return new JobArguments(
                KafkaSettings.of(
                        last(values, "--kafka-properties").map(Path::of),
                        values.getOrDefault("--kafka", List.of()),
                        brokers),
                last(values, "--prefix").orElse(Topic.DEFAULT_PREFIX),
                last(values, "--group"),
                new TreeSet<>(values.getOrDefault("--skip", List.of())),
                others);
    }

    /** The value of an option that only this job has; the last one, where it was given again. */
    public Optional<String> other(String name) {
        return last(others, name);
    }

    private static Optional<String> last(Map<String, List<String>> values, String name) {
        List<String> given = values.getOrDefault(name, List.of());
        return given.isEmpty() ? Optional.empty() : Optional.of(given.get(given.size() - 1));
    }
}
