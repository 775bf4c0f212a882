package io.sluice.ops.cli;

import io.sluice.ops.bench.StepCostBench;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench bridge}. */
@Command(
        name = "bridge",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "What all of Sluice's calls of one step take of the trainer's thread, in Java and in Python: while all works,"
                        + " and with the job, the broker and the bridge gone. Beside it, a plain loop of similar length, which"
                        + " tells what the machine adds.",
        footer = {
            "",
            "Job and broker stand for other machines: they are a process of their own, on the last core, at the lowest priority. The trainer"
                    + " in Java has its bridge in its own process. The one in Python speaks to a bridge in another; its"
                    + " Python is $SLUICE_PYTHON, or python3, 3.10 or newer."
        })
final class StepCostCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of each phase.",
            defaultValue = "3000")
    private int steps;

    @Option(
            names = "--pause-ms",
            paramLabel = "N",
            description = "The rest of a step, in which the trainer waits.",
            defaultValue = "3")
    private long pauseMillis;

    @Override
    public Integer call() throws Exception {
        output.require(
                steps >= 100 && steps <= 1_000_000 && pauseMillis >= 1 && pauseMillis <= 1_000,
                "--steps must be 100 to 1000000, --pause-ms 1 to 1000");
        return output.tell(() -> new StepCostBench(steps, pauseMillis, System.err).run());
    }
}
