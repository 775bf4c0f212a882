package io.sluice.ops.cli;

import io.sluice.ops.bench.LoopLatencyBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench loop-latency}. */
@Command(
        name = "loop-latency",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "From a round's last record to its plan in the bridge, with no trainer on the cores; beside it, one record"
                        + " through an identity job in the same run.")
final class LoopLatencyCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--groups",
            paramLabel = "N",
            description = "Groups of the run.",
            defaultValue = "26")
    private int groups;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds that are measured.",
            defaultValue = "300")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Rounds before them, which are not.",
            defaultValue = "150")
    private int warmUp;

    @Override
    public Integer call() throws Exception {
        output.require(
                groups >= 2 && groups <= 10_000 && rounds >= 1 && warmUp >= 0,
                "--groups must be 2 to 10000, --rounds at least 1, --warm-up at least 0");
        return output.tell(() -> new LoopLatencyBench(groups, warmUp, rounds, System.err).run());
    }
}
