package io.sluice.ops.cli;

import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.RejectsText;
import io.sluice.ops.inspect.RejectsView;
import io.sluice.ops.inspect.ViewJson;
import io.sluice.schemas.RejectReason;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice rejects}. */
@Command(
        name = "rejects",
        mixinStandardHelpOptions = true,
        description = "Looks at the records that the mixture job turned away.",
        synopsisSubcommandLabel = "WHAT",
        subcommands = RejectsCommand.ListRejects.class)
final class RejectsCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do: list");
    }

    /** {@code ./sluice rejects list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            showDefaultValues = true,
            defaultValueProvider = LocalBroker.class,
            description =
                    "Lists the newest records that were turned away: where each stands, why it was turned away, and how to see"
                            + " the original.",
            footer = {
                "",
                "Examples:",
                "  ./sluice rejects list",
                "  ./sluice rejects list --run pt-1b --reason LATE --last 100",
                "  ./sluice rejects list --output json | jq -r '.rejects[] | .see'"
            })
    static final class ListRejects implements Callable<Integer> {

        private static final int MOST_REJECTS = 10_000;

        @Mixin private InspectOptions options;

        @Option(names = "--run", paramLabel = "RUN", description = "Only records with this key.")
        private String run;

        @Option(
                names = "--reason",
                paramLabel = "REASON",
                description = "Only this reason: ${COMPLETION-CANDIDATES}.")
        private RejectReason reason;

        @Option(
                names = "--last",
                paramLabel = "N",
                description = "How many, the newest.",
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
                    last >= 1 && last <= MOST_REJECTS,
                    "--last must be 1 to " + MOST_REJECTS + ", not " + last);
            try (Inspector inspector = options.inspector()) {
                RejectsView rejects =
                        inspector.rejects(
                                Optional.ofNullable(run), Optional.ofNullable(reason), last);
                System.out.print(
                        output == Output.JSON ? ViewJson.pretty(rejects) : RejectsText.of(rejects));
            }
            return 0;
        }
    }
}
