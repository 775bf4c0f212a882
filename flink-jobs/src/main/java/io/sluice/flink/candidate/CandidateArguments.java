package io.sluice.flink.candidate;

import io.sluice.flink.job.JobArguments;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Reads the arguments with which a Flink cluster starts the job. */
final class CandidateArguments {

    private static final String SET = "--set";
    private static final String MODEL = "--scorer-model";
    private static final String USAGE = "[--set NAME=NUMBER]... [--scorer-model PATH]";

    private CandidateArguments() {}

    /**
     * The options that {@code arguments} ask for.
     *
     * @throws IllegalArgumentException when one is unknown, lacks its value, or the brokers'
     *     address is missing
     */
    static CandidateOptions parse(String... arguments) {
        JobArguments given = JobArguments.parse(Set.of(SET, MODEL), USAGE, arguments);
        TreeMap<String, Double> settings = new TreeMap<>();
        given.others().getOrDefault(SET, List.of()).forEach(value -> set(value, settings));
        CandidateOptions options =
                CandidateOptions.of(given.kafka())
                        .withTopicPrefix(given.prefix())
                        .withSkipped(given.skipped())
                        .with(settings);
        CandidateOptions scored = given.other(MODEL).map(options::withModel).orElse(options);
        return given.group().map(scored::withGroup).orElse(scored);
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
