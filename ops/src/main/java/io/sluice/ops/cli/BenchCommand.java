package io.sluice.ops.cli;

import io.sluice.ops.bench.BenchResult;
import io.sluice.ops.bench.LoopLatencyBench;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Sluice on this machine.",
        synopsisSubcommandLabel = "BENCHMARK",
        subcommands = BenchCommand.LoopLatency.class)
final class BenchCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a benchmark: loop-latency");
    }

    /** {@code ./sluice bench loop-latency}. */
    @Command(
            name = "loop-latency",
            mixinStandardHelpOptions = true,
            showDefaultValues = true,
            description =
                    "From a round's last record to its plan in the bridge, with no trainer on the cores; beside it, one record"
                            + " through an identity job in the same run.")
    static final class LoopLatency implements Callable<Integer> {

        private static final long NEEDED_MEBIBYTES = 2_000;

        @Spec private CommandSpec spec;

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

        @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to FILE.")
        private Path json;

        @Override
        public Integer call() throws Exception {
            if (groups < 2 || groups > 10_000 || rounds < 1 || warmUp < 0) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--groups must be 2 to 10000, --rounds at least 1, --warm-up at least 0");
            }
            if (json != null) {
                JsonFile.requireWritable(json);
            }
            Memory.require("the benchmark", NEEDED_MEBIBYTES);
            BenchResult result =
                    Failures.translate(
                            () -> new LoopLatencyBench(groups, warmUp, rounds, System.err).run());
            if (json != null) {
                JsonFile.write(json, result);
            }
            System.out.print(result.text());
            return 0;
        }
    }
}
