package io.sluice.ops.cli;

import io.sluice.ops.run.RunFile;
import io.sluice.ops.run.RunReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./sluice validate}. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Reads a run file, looks whether its data is there, and shows what it comes to. Everything that is wrong is told"
                        + " at once, with its line.",
        footer = {
            "",
            "Examples:",
            "  ./sluice validate run.yaml",
            "  ./sluice validate run.yaml --output json",
            "",
            "Exit codes: 0 good, 3 not good. docs/run-yaml.md lists all keys."
        })
final class ValidateCommand implements Callable<Integer> {

    private static final List<String> FORMS = List.of("table", "json");

    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The run file.")
    private Path file;

    @Option(
            names = "--output",
            paramLabel = "FORM",
            description = "Form of the result: table or json.",
            defaultValue = "table")
    private String output;

    @Override
    public Integer call() {
        if (!FORMS.contains(output)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--output must be " + String.join(" or ", FORMS) + ", not " + output);
        }
        RunReport report = RunReport.of(RunFile.read(file));
        System.out.print(output.equals("json") ? JsonFile.text(report) : RunText.of(report));
        return 0;
    }
}
