package io.sluice.ops.cli;

import io.sluice.ops.bench.JobRoundBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench job-round}. */
@Command(
        name = "job-round",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "From the last record of a large round to its decision: 1,000, 3,000 and 10,000 groups with sketches of 1,024"
                        + " numbers, all sent at once, to a job in a process of its own.")
final class JobRoundCommand implements Callable<Integer> {

    private static final int JOB_MEBIBYTES = 2048;

    @Mixin private BenchOutput output;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of each size that are measured; the median is told.",
            defaultValue = "5")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Rounds of each size before them, which are not.",
            defaultValue = "3")
    private int warmUp;

    @Override
    public Integer call() throws Exception {
        output.require(
                rounds >= 1 && rounds <= 1_000 && warmUp >= 0 && warmUp <= 1_000,
                "--rounds must be 1 to 1000, --warm-up 0 to 1000");
        return output.tell(
                () -> new JobRoundBench(warmUp, rounds, JOB_MEBIBYTES, System.err).run());
    }
}
