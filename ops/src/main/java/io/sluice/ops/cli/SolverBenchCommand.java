package io.sluice.ops.cli;

import io.sluice.ops.bench.SolverBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench solver}. */
@Command(
        name = "solver",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "CPU time of the certified solver on one core, by number of groups and targets, and how much faster it is than"
                        + " SciPy's SLSQP on the same programs of 100 groups.",
        footer = {
            "",
            "largest_objective_excess is the solver's objective less SLSQP's, relative: 0 or less, but for rounding. SciPy is"
                    + " installed once into .sluice with pip; without it, or with --no-scipy, those figures are left out."
        })
final class SolverBenchCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--programs",
            paramLabel = "N",
            description = "Programs of each size.",
            defaultValue = "50")
    private int programs;

    @Option(names = "--no-scipy", description = "Leave out the comparison.")
    private boolean noSciPy;

    @Override
    public Integer call() throws Exception {
        output.require(programs >= 5 && programs <= 10_000, "--programs must be 5 to 10000");
        return output.tell(() -> new SolverBench(programs, !noSciPy, System.err).run());
    }
}
