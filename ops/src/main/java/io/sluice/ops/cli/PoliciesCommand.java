package io.sluice.ops.cli;

import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.policy.PolicyInfo;
import io.sluice.ops.mixing.PoliciesText;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sluice policies}. */
@Command(
        name = "policies",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Lists the policies that a run can ask for: what each moves towards, what it needs of the trainer, its options"
                        + " with defaults and ranges, and where its law is published.",
        footer = {
            "",
            "Examples:",
            "  ./sluice policies",
            "  ./sluice policies slope-eg",
            "  ./sluice policies --output json",
            "",
            "docs/policies.md says the same, and where each deviates from its source."
        })
final class PoliciesCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "One policy; all without it.")
    private String name;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: ${COMPLETION-CANDIDATES}.",
            defaultValue = "table")
    private Output output;

    @Override
    public Integer call() {
        List<String> names = name == null ? PolicyCatalog.names() : List.of(name);
        try {
            List<PolicyInfo> policies = names.stream().map(PolicyCatalog::info).toList();
            System.out.print(
                    output == Output.JSON ? JsonFile.text(policies) : PoliciesText.of(policies));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        return 0;
    }
}
