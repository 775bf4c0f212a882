package io.sluice.ops.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./sluice rejects}, which lists. */
@Command(
        name = "rejects",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Looks at the records that the jobs turned away. Without a word more it lists the newest.",
        synopsisSubcommandLabel = "[WHAT]",
        subcommands = RejectsCommand.ListRejects.class,
        footer = {
            "",
            "Examples:",
            "  ./sluice rejects",
            "  ./sluice rejects --run pt-1b --reason LATE --last 100"
        })
final class RejectsCommand implements Callable<Integer> {

    @Mixin private RejectsOptions rejects;

    @Override
    public Integer call() {
        return rejects.list();
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

        @Mixin private RejectsOptions rejects;

        @Override
        public Integer call() {
            return rejects.list();
        }
    }
}
