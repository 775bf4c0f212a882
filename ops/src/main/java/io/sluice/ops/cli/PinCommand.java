package io.sluice.ops.cli;

import io.sluice.schemas.CommandKind;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice pin}. */
@Command(
        name = "pin",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Fixes the shares of groups, whatever the policy proposes and however far that is; the others keep to their floors and caps.",
        footer = {
            "",
            "Examples:",
            "  ./sluice pin es=0.3 --run pt-1b --why 'trial' --bootstrap localhost:9092",
            "  ./sluice pin es=0.3 pt=0.2 --run pt-1b --why 'trial' --for-steps 5000 --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class PinCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    @Parameters(
            paramLabel = "GROUP=SHARE",
            arity = "1..*",
            description = "A group and its share, in (0, 1].")
    private Map<String, Double> shares = new TreeMap<>();

    @Override
    public Integer call() throws Exception {
        return options.give(
                CommandKind.PIN, (command, watch) -> command.setWeights(Shares.of(shares)));
    }
}
