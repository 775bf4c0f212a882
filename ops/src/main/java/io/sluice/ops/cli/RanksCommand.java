package io.sluice.ops.cli;

import io.sluice.ops.bench.RanksBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench ranks}. */
@Command(
        name = "ranks",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Whether all ranks take every step with one plan, the one that the log says, and every document once: while"
                        + " plans come five times a second, the trainer is killed and resumed with other numbers of ranks,"
                        + " and its bridge is killed and started again.",
        footer = {
            "",
            "All of these must be 0: steps_with_two_versions, documents_skipped, documents_repeated, steps_unlike_their_seal,"
                    + " draws_unlike_java. The ranks are processes of $SLUICE_PYTHON, or python3, 3.10 or newer."
        })
final class RanksCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of the run.",
            defaultValue = "100000")
    private int steps;

    @Option(
            names = "--ranks",
            paramLabel = "N",
            description = "Ranks at first, and at most; 1, 2, 4 or 8.",
            defaultValue = "8")
    private int ranks;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description = "How often the trainer is killed.",
            defaultValue = "6")
    private int kills;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the draws, the plans and the deaths.",
            defaultValue = "1")
    private long seed;

    @Override
    public Integer call() throws Exception {
        output.require(
                steps >= 1_000 && steps <= 10_000_000 && kills >= 0 && kills <= 1_000,
                "--steps must be 1000 to 10000000, --kills 0 to 1000");
        output.require(
                ranks >= 1 && ranks <= 8 && 8 % ranks == 0,
                "--ranks must divide the 8 draws of a step: 1, 2, 4 or 8");
        return output.tell(() -> new RanksBench(steps, ranks, kills, seed, System.err).run());
    }
}
