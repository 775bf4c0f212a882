package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice add-group}. */
@Command(
        name = "add-group",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Takes groups into the mixture that the run declares as dormant, or that were retired: with their prior share and without evidence. The others make room, and their ratios stay.",
        footer = {
            "",
            "Examples:",
            "  ./sluice add-group news-2026 --run pt-1b --why 'its data is complete' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class AddGroupCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "A group to add.")
    private List<String> groups = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return options.give(CommandKind.ADD_GROUP, (command, watch) -> command.setGroups(groups));
    }
}
