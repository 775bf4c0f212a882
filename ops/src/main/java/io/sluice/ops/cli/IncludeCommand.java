package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice include}. */
@Command(
        name = "include",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Takes excluded groups back: they begin with their prior share, the others scaled to make room.",
        footer = {
            "",
            "Examples:",
            "  ./sluice include forum --run pt-1b --why 'cleaned' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class IncludeCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "A group to take back.")
    private List<String> groups = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return options.give(CommandKind.INCLUDE, (command, watch) -> command.setGroups(groups));
    }
}
