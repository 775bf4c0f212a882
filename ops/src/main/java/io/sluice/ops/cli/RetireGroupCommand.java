package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice retire-group}. */
@Command(
        name = "retire-group",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Takes groups out of the mixture for good: from the next plan on they are not drawn, and what was learnt of them is forgotten. add-group takes them back, to begin anew.",
        footer = {
            "",
            "Examples:",
            "  ./sluice retire-group news-2026 --run pt-1b --why 'its licence has ended' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class RetireGroupCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Parameters(paramLabel = "GROUP", arity = "1..*", description = "A group to retire.")
    private List<String> groups = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        return options.give(
                CommandKind.RETIRE_GROUP, (command, watch) -> command.setGroups(groups));
    }
}
