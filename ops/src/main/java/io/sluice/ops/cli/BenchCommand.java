package io.sluice.ops.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./sluice bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Sluice on this machine.",
        synopsisSubcommandLabel = "BENCHMARK",
        footer = {
            "",
            "docs/benchmarks.md says what the figures mean, and what they were.",
            "Examples:",
            "  ./sluice bench loop-latency              how long feedback takes",
            "  ./sluice bench bridge                    what Sluice takes of the trainer's thread",
            "  ./sluice bench ranks                     whether ranks agree, whoever dies",
            "  ./sluice bench outage --minutes 3        what an outage of Kafka and Flink costs",
            "  ./sluice bench solver                    what the certified solver takes, beside SciPy",
            "  ./sluice bench policies                  what a policy's step takes for 10,000 groups",
            "  ./sluice bench sampler                   draws a second",
            "  ./sluice bench quality                   whether mixing helps, by training",
            "  ./sluice bench job-throughput            how many signals a second the job takes",
            "  ./sluice bench job-round                 how long a round of 10,000 groups takes",
            "  ./sluice bench job-soak --minutes 60     whether the job grows or slows down",
            "  ./sluice bench candidates                how fast documents are taken in"
        },
        subcommands = {
            LoopLatencyCommand.class,
            StepCostCommand.class,
            RanksCommand.class,
            OutageCommand.class,
            SolverBenchCommand.class,
            PoliciesBenchCommand.class,
            SamplerBenchCommand.class,
            QualityCommand.class,
            JobThroughputCommand.class,
            JobRoundCommand.class,
            JobSoakCommand.class,
            CandidatesBenchCommand.class
        })
final class BenchCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a benchmark: loop-latency, bridge, ranks, outage, solver, policies, sampler, quality,"
                        + " job-throughput, job-round, job-soak or candidates");
    }
}
