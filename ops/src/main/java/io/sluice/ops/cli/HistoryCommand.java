package io.sluice.ops.cli;

import io.sluice.ops.inspect.HistoryText;
import io.sluice.ops.inspect.HistoryView;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.ViewJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice history}. */
@Command(
        name = "history",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Lists a run's plans, one a line: the step each was made for, the steps that were sealed with it, and the groups"
                        + " that it changed most.",
        footer = {
            "",
            "Examples:",
            "  ./sluice history --run pt-1b",
            "  ./sluice history --run pt-1b --last 100",
            "  ./sluice history --run pt-1b --output json | jq '.plans[] | select(.outcome == \"REFUSED\")'"
        })
final class HistoryCommand implements Callable<Integer> {

    private static final int MOST_PLANS = 10_000;

    @Mixin private InspectOptions options;

    @Option(names = "--run", paramLabel = "RUN", description = "The run.", required = true)
    private String run;

    @Option(
            names = "--last",
            paramLabel = "N",
            description = "How many plans, the newest.",
            defaultValue = "20")
    private int last;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() {
        options.require(
                last >= 1 && last <= MOST_PLANS,
                "--last must be 1 to " + MOST_PLANS + ", not " + last);
        try (Inspector inspector = options.inspector()) {
            HistoryView history = inspector.history(run, last);
            System.out.print(
                    output == Output.JSON ? ViewJson.pretty(history) : HistoryText.of(history));
        }
        return 0;
    }
}
