package io.sluice.ops.cli;

import io.sluice.ops.bench.SamplerBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench sampler}. */
@Command(
        name = "sampler",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description = "How many draws a second the exact sampler makes on one core.")
final class SamplerBenchCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--draws",
            paramLabel = "N",
            description = "Draws with 26 groups; fewer with 1,000.",
            defaultValue = "10000000")
    private long draws;

    @Override
    public Integer call() throws Exception {
        output.require(
                draws >= 10_000 && draws <= 1_000_000_000L, "--draws must be 10000 to 1000000000");
        return output.tell(() -> new SamplerBench(draws, System.err).run());
    }
}
