package io.sluice.ops.cli;

import io.sluice.ops.inspect.ExplainText;
import io.sluice.ops.inspect.Explanation;
import io.sluice.ops.inspect.Inspector;
import io.sluice.ops.inspect.ViewJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./sluice explain}. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        defaultValueProvider = LocalBroker.class,
        description =
                "Says why the mixture is what it is at a step: the plan that the step was sealed with, the decision that made"
                        + " the plan, what each guard did to the policy's proposal, and the rounds that were held.",
        footer = {
            "",
            "Examples:",
            "  ./sluice explain 1480 --run pt-1b",
            "  ./sluice explain 1480 --run pt-1b --top 50",
            "  ./sluice explain 1480 --run pt-1b --output json | jq '.groups[] | select(.group == \"es\")'",
            "",
            "docs/inspect.md reads one explanation line by line."
        })
final class ExplainCommand implements Callable<Integer> {

    @Mixin private InspectOptions options;

    @Parameters(paramLabel = "STEP", description = "The optimiser step.")
    private Long step;

    @Option(names = "--run", paramLabel = "RUN", description = "The run.", required = true)
    private String run;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "How many groups the table shows; JSON has all.",
            defaultValue = "20")
    private int top;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() {
        options.require(step >= 0, "STEP must be at least 0, not " + step);
        options.require(top >= 1, "--top must be at least 1, not " + top);
        try (Inspector inspector = options.inspector()) {
            Explanation why = inspector.explain(run, step);
            System.out.print(
                    output == Output.JSON ? ViewJson.pretty(why) : ExplainText.of(why, top));
        }
        return 0;
    }
}
