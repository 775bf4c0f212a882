package io.sluice.ops.cli;

import io.sluice.ops.inspect.Inspector;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice record}. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Writes all records of a run that a replay needs to a file, as JSON, one a line, with nothing left out: declarations,"
                        + " attempts, commands, plans, answers, decisions and telemetry. Telemetry is kept in its topic for days; a"
                        + " file stays.",
        footer = {
            "",
            "Examples:",
            "  ./sluice record --run pt-1b --out signals.jsonl",
            "  ./sluice replay --in signals.jsonl --policy dga -o eta=0.1",
            "",
            "docs/inspect.md describes the file, with an example."
        })
final class RecordCommand implements Callable<Integer> {

    @Mixin private InspectOptions options;

    @Option(names = "--run", paramLabel = "RUN", description = "The run.", required = true)
    private String run;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where to write the records.",
            required = true)
    private Path out;

    @Override
    public Integer call() {
        try (Inspector inspector = options.inspector();
                LineFile lines = LineFile.open(Optional.of(out))) {
            long count = inspector.record(run, lines::write);
            System.out.printf("%s: %,d records in %s%n", run, count, out);
        }
        return 0;
    }
}
