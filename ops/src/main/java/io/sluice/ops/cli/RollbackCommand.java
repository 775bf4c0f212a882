package io.sluice.ops.cli;

import io.sluice.core.domain.Mixture;
import io.sluice.flink.contract.FromContract;
import io.sluice.ops.inspect.CommandWatch;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.RunSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ./sluice rollback}. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Returns to the mixture of an earlier plan, once; from there the policy goes on. To stay there, freeze afterwards.",
        footer = {
            "",
            "Examples:",
            "  ./sluice rollback 12 --run pt-1b --why 'loss rose since plan 13' --bootstrap localhost:9092",
            "  ./sluice rollback prior --run pt-1b --why 'begin anew' --bootstrap localhost:9092",
            "",
            "docs/operate.md says what each command does. Exit code 3: it cannot be, or was refused."
        })
final class RollbackCommand implements Callable<Integer> {

    @Mixin private ControlOptions options;

    /** A rollback that no round has taken up by then is not wanted any more. */
    private static final int ROUNDS = 16;

    @Parameters(
            paramLabel = "VERSION|prior",
            description = "Version of a plan, as './sluice history' lists them, or 'prior'.")
    private String version;

    @Override
    public Integer call() throws Exception {
        options.require(
                version.equals("prior") || version.matches("[0-9]{1,15}"),
                "give the version of a plan or 'prior', not '" + version + "'");
        return options.give(CommandKind.ROLLBACK, this::fill);
    }

    private void fill(OperatorCommand.Builder command, CommandWatch watch) {
        RunSpec declared = watch.declaration();
        boolean prior = version.equals("prior") || Long.parseLong(version) == 0;
        command.setVersion(prior ? 0 : Long.parseLong(version));
        command.setWeights(
                prior ? priors(declared) : watch.plan(Long.parseLong(version)).getWeights());
        if (command.getUntilStep() < 0) {
            command.setUntilStep(watch.nextStep() + (long) ROUNDS * declared.getRoundSteps());
        }
    }

    private static List<GroupWeight> priors(RunSpec declared) {
        Mixture prior = FromContract.spec(declared).prior();
        List<GroupWeight> weights = new ArrayList<>();
        for (int j = 0; j < prior.size(); j++) {
            weights.add(new GroupWeight(prior.groups().get(j).value(), prior.weight(j)));
        }
        return weights;
    }
}
