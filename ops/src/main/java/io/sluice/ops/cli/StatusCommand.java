package io.sluice.ops.cli;

import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.StatusText;
import io.sluice.ops.inspect.StatusView;
import io.sluice.ops.inspect.ViewJson;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice status}. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Says where runs stand: attempt, plan in force, sealed steps, last decision, what was refused and rejected, and"
                        + " how old the last record of each kind is. Reads the topics and writes nothing.",
        footer = {
            "",
            "Examples:",
            "  ./sluice status",
            "  ./sluice status --run pt-1b --bootstrap broker:9093 --kafka-properties client.properties",
            "  ./sluice status --output json | jq '.runs[] | {run, plan, sealedThrough}'",
            "",
            "docs/inspect.md explains each line."
        })
final class StatusCommand implements Callable<Integer> {

    @Mixin private InspectOptions options;

    @Option(names = "--run", paramLabel = "RUN", description = "Only this run.")
    private String run;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() {
        try (Inspector inspector = options.inspector()) {
            StatusView status = inspector.status(Optional.ofNullable(run), InstantSource.system());
            System.out.print(
                    output == Output.JSON ? ViewJson.pretty(status) : StatusText.of(status));
        }
        return 0;
    }
}
