package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice exclude}. */
@Command(
        name = "exclude",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Leaves groups out: from the next plan on they are not drawn, whatever the largest change. A pin of theirs ends.",
        footer = {
            "",
            "Examples:",
            "  ./sluice exclude forum --run pt-1b --why 'spam found' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class ExcludeCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "A group to leave out.")
    private List<String> groups = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return options.give(CommandKind.EXCLUDE, (command, watch) -> command.setGroups(groups));
    }
}
