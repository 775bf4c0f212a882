package io.sluice.ops.cli;

import io.sluice.core.domain.PolicySpec;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which policy, with which options; the same for all commands that run one. */
final class PolicyOption {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--policy",
            paramLabel = "NAME",
            required = true,
            description = "The policy; ./sluice policies lists them with their options.")
    private String policy;

    @Option(
            names = {"-o", "--option"},
            paramLabel = "KEY=VALUE",
            description = "An option of the policy. May be given several times.")
    private Map<String, Double> options = new LinkedHashMap<>();

    PolicySpec spec() {
        try {
            return PolicySpec.of(policy, options);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
    }

    /** Wrong usage, told by the one who found it. */
    ParameterException wrong(IllegalArgumentException e) {
        return new ParameterException(command.commandLine(), e.getMessage());
    }
}
