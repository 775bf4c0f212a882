package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ./sluice freeze}. */
@Command(
        name = "freeze",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Keeps the mixture of a run as it is: statistics go on, and nothing is published until it is unfrozen.",
        footer = {
            "",
            "Examples:",
            "  ./sluice freeze --run pt-1b --why 'evaluation under way' --bootstrap localhost:9092",
            "  ./sluice freeze --run pt-1b --why 'evaluation' --for-steps 2000 --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class FreezeCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Override
    public Integer call() throws Exception {
        return options.give(CommandKind.FREEZE);
    }
}
