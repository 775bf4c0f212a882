package io.sluice.ops.cli;

import io.sluice.ops.mixing.StepFile;
import io.sluice.ops.mixing.StepResult;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice policy-step}. */
@Command(
        name = "policy-step",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Runs one step of a policy on what a JSON file says was measured, and shows the proposal, what the guards make"
                        + " of it, and the memory that the next step needs.",
        footer = {
            "",
            "Examples:",
            "  ./sluice policy-step --policy dga --in step.json",
            "  ./sluice policy-step --policy dga -o eta=0.1 --in step.json --output json | jq .groups",
            "",
            "docs/policies.md describes the file, with an example."
        })
final class PolicyStepCommand implements Callable<Integer> {

    @Mixin private PolicyOption policy;

    @Option(names = "--in", paramLabel = "FILE", required = true, description = "The step file.")
    private Path in;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() {
        StepResult result = StepResult.of(StepFile.read(in, policy.spec()));
        System.out.print(output == Output.JSON ? JsonFile.text(result) : result.text());
        return 0;
    }
}
