package io.sluice.ops.cli;

import io.sluice.ops.inspect.CommandWatch;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.RunSpec;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice set-policy}. */
@Command(
        name = "set-policy",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Decides by another policy, or by other bounds, in place of what was declared. Replaces what an earlier set-policy said;"
                        + " what it does not name is as declared, so that 'set-policy declared' undoes it.",
        footer = {
            "",
            "Examples:",
            "  ./sluice set-policy static --run pt-1b --why 'compare' --bootstrap localhost:9092",
            "  ./sluice set-policy dga -o eta=0.2 --max-kl 0.02 --run pt-1b --why 'too quick' --bootstrap localhost:9092",
            "  ./sluice set-policy declared --cap forum=0.1 --run pt-1b --why 'spam' --bootstrap localhost:9092",
            "  ./sluice set-policy declared --run pt-1b --why 'done' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class SetPolicyCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    private static final String DECLARED = "declared";

    @Parameters(
            paramLabel = "NAME|declared",
            description = "The policy, or 'declared' for the one that the run declares.")
    private String policy;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "NAME=VALUE",
            description =
                    "An option of the policy; of the declared policy, options that are not given stay as declared.")
    private Map<String, Double> policyOptions = new TreeMap<>();

    @Mixin private BoundsOptions bounds;

    @Override
    public Integer call() throws Exception {
        bounds.maxKl();
        bounds.priorPull();
        return options.give(CommandKind.SET_POLICY, this::fill);
    }

    private void fill(OperatorCommand.Builder command, CommandWatch watch) {
        RunSpec declared = watch.declaration();
        boolean same = policy.equals(DECLARED) || policy.equals(declared.getPolicy());
        if (!same || !policyOptions.isEmpty()) {
            Map<String, Double> all =
                    new TreeMap<>(same ? declared.getPolicyOptions() : Map.<String, Double>of());
            all.putAll(policyOptions);
            command.setPolicy(same ? declared.getPolicy() : policy).setPolicyOptions(all);
        }
        command.setFloors(Shares.of(bounds.floors())).setCaps(Shares.of(bounds.caps()));
        bounds.maxKl().ifPresent(command::setMaxKl);
        bounds.priorPull().ifPresent(command::setPriorPull);
    }
}
