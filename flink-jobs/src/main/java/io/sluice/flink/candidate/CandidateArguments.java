package io.sluice.flink.candidate;

import io.sluice.flink.kafka.KafkaSettings;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the arguments with which a Flink cluster starts the job. */
final class CandidateArguments {

    private static final String USAGE =
            "--bootstrap HOST:PORT [--prefix P] [--group G] [--set NAME=NUMBER]... [--kafka"
                    + " KEY=VALUE]... [--kafka-properties FILE]";

    private CandidateArguments() {}

    /**
     * The options that {@code arguments} ask for.
     *
     * @throws IllegalArgumentException when one is unknown, lacks its value, or the brokers'
     *     address is missing
     */
    static CandidateOptions parse(String... arguments) {
        Optional<String> bootstrap = Optional.empty();
        String prefix = Topic.DEFAULT_PREFIX;
        Optional<String> group = Optional.empty();
        Optional<Path> file = Optional.empty();
        List<String> kafka = new ArrayList<>();
        TreeMap<String, Double> settings = new TreeMap<>();
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
                case "--set" -> set(value, settings);
                case "--kafka" -> kafka.add(value);
                case "--kafka-properties" -> file = Optional.of(Path.of(value));
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
        CandidateOptions options =
                CandidateOptions.of(KafkaSettings.of(file, kafka, brokers))
                        .withTopicPrefix(prefix)
                        .with(settings);
        return group.map(options::withGroup).orElse(options);
    }

    private static void set(String value, TreeMap<String, Double> settings) {
        int equals = value.indexOf('=');
        try {
            settings.put(
                    value.substring(0, Math.max(0, equals)),
                    Double.valueOf(value.substring(equals + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "--set " + value + " is not NAME=NUMBER; usage: " + USAGE, e);
        }
    }
}
