package io.sluice.ops.cli;

import io.sluice.ops.bench.PoliciesBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench policies}. */
@Command(
        name = "policies",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "CPU time of one step of each closed-form policy for 10,000 groups, and the bytes of its memory a group.")
final class PoliciesBenchCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of each policy.",
            defaultValue = "60")
    private int steps;

    @Override
    public Integer call() throws Exception {
        output.require(steps >= 10 && steps <= 10_000, "--steps must be 10 to 10000");
        return output.tell(() -> new PoliciesBench(steps, System.err).run());
    }
}
