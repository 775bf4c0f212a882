package io.sluice.ops.cli;

import io.sluice.ops.bench.JobSoakBench;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench job-soak}. */
@Command(
        name = "job-soak",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "Whether the job grows or slows down: ten rounds a second, and in each of twelve windows its heap after a garbage"
                        + " collection, the size of its state, its open files, and how long plans took.",
        footer = {
            "",
            "*_flat is 1 where the slope over the windows, the first two left out, lies within two standard errors of 0 or"
                    + " below, or the quantity has grown by at most 5 percent; flat is 1 where all are."
        })
final class JobSoakCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(names = "--minutes", paramLabel = "N", description = "How long.", defaultValue = "6")
    private double minutes;

    @Override
    public Integer call() throws Exception {
        output.require(minutes >= 1 && minutes <= 10_080, "--minutes must be 1 to 10080");
        Duration length = Duration.ofSeconds(Math.round(minutes * 60));
        return output.tell(() -> new JobSoakBench(length, System.err).run());
    }
}
