package io.sluice.ops.cli;

import io.sluice.ops.bench.BenchResult;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a benchmark's figures go; the same for all. */
final class BenchOutput {

    private static final long NEEDED_MEBIBYTES = 2_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to FILE.")
    private Path json;

    /** Refuses what a person has typed. */
    void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(command.commandLine(), message);
        }
    }

    /** Runs a benchmark and tells its figures; answers the exit code. */
    int tell(Callable<BenchResult> benchmark) throws Exception {
        if (json != null) {
            JsonFile.requireWritable(json);
        }
        Memory.require("the benchmark", NEEDED_MEBIBYTES);
        BenchResult result = Failures.translate(benchmark);
        if (json != null) {
            JsonFile.write(json, result);
        }
        System.out.print(result.text());
        return 0;
    }
}
