package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice unpin}. */
@Command(
        name = "unpin",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Frees pinned groups: from there on the policy moves them again.",
        footer = {
            "",
            "Examples:",
            "  ./sluice unpin es --run pt-1b --why 'trial is over' --bootstrap localhost:9092",
            "  ./sluice unpin --run pt-1b --why 'free all' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class UnpinCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Parameters(
            paramLabel = "GROUP",
            arity = "0..*",
            description = "A group to free; none frees all.")
    private List<String> groups = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return options.give(CommandKind.UNPIN, (command, watch) -> command.setGroups(groups));
    }
}
