package io.sluice.ops.cli;

import io.sluice.ops.bench.OutageBench;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench outage}. */
@Command(
        name = "outage",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "What an outage of Kafka and Flink costs a trainer in Python: time in Sluice's calls, rounds, and how long it"
                        + " takes until plans come again. Afterwards what trainer, bridge and job counted is counted again"
                        + " from the log.",
        footer = {
            "",
            "signals_unaccounted must be 0, and accepted_recounted equal accepted_as_job_says. The trainer's Python is"
                    + " $SLUICE_PYTHON, or python3, 3.10 or newer."
        })
final class OutageCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            description = "How long Kafka and Flink are away.",
            defaultValue = "10")
    private double minutes;

    @Override
    public Integer call() throws Exception {
        output.require(minutes >= 0.1 && minutes <= 1_440, "--minutes must be 0.1 to 1440");
        Duration outage = Duration.ofSeconds(Math.round(minutes * 60));
        return output.tell(() -> new OutageBench(outage, System.err).run());
    }
}
