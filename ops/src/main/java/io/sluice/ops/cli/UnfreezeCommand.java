package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./sluice unfreeze}. */
@Command(
        name = "unfreeze",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "Ends a freeze: from the next round on, decisions are published again.",
        footer = {
            "",
            "Examples:",
            "  ./sluice unfreeze --run pt-1b --why 'evaluation is done' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class UnfreezeCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Override
    public Integer call() throws Exception {
        return options.give(CommandKind.UNFREEZE);
    }
}
