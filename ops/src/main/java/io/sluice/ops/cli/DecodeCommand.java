package io.sluice.ops.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.ops.inspect.DecodeText;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.ViewJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice decode}. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Prints records as JSON, one a line, or as a table of their beginnings. Bytes are shown by their number and their"
                        + " beginning; a record that cannot be decoded is shown with the reason.",
        footer = {
            "",
            "Examples:",
            "  ./sluice decode decisions --run pt-1b --count 1",
            "  ./sluice decode telemetry --partition 0 --offset 4711 --count 5",
            "  ./sluice decode runs --output table",
            "  ./sluice decode plans --count 100 | jq -c '[.value.version, .value.label]'"
        })
final class DecodeCommand implements Callable<Integer> {

    private static final int MOST_RECORDS = 1_000;

    @Mixin private InspectOptions options;

    @Parameters(
            paramLabel = "TOPIC",
            description =
                    "runs, telemetry, control, claims, plans, decisions, acks, seals, rejects, catalogs, candidates, documents or supply;"
                            + " or a topic's full name.")
    private String topic;

    @Option(names = "--partition", paramLabel = "P", description = "Only this partition.")
    private Integer partition;

    @Option(
            names = "--offset",
            paramLabel = "O",
            description = "Begin here (with --partition); the newest records when absent.")
    private Long offset;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "How many records at most.",
            defaultValue = "10")
    private int count;

    @Option(names = "--run", paramLabel = "RUN", description = "Only records with this key.")
    private String run;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "json")
    private Output output;

    @Override
    public Integer call() {
        options.require(
                count >= 1 && count <= MOST_RECORDS,
                "--count must be 1 to " + MOST_RECORDS + ", not " + count);
        options.require(
                offset == null || partition != null,
                "--offset needs --partition: offsets count within one");
        options.require(
                partition == null || partition >= 0,
                "--partition must be at least 0, not " + partition);
        options.require(
                offset == null || offset >= 0, "--offset must be at least 0, not " + offset);
        Optional<String> key = Optional.ofNullable(run);
        List<JsonNode> records = new ArrayList<>();
        Consumer<JsonNode> sink = output == Output.JSON ? DecodeCommand::print : records::add;
        try (Inspector inspector = options.inspector()) {
            if (offset == null) {
                inspector.decodeNewest(topic, Optional.ofNullable(partition), key, count, sink);
            } else {
                inspector.decodeFrom(topic, partition, offset, key, count, sink);
            }
        }
        if (output == Output.TABLE) {
            System.out.print(DecodeText.of(records));
        }
        return 0;
    }

    private static void print(JsonNode record) {
        System.out.print(ViewJson.line(record));
    }
}
