package io.sluice.ops.cli;

import io.sluice.ops.bench.JobThroughputBench;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./sluice bench job-throughput}. */
@Command(
        name = "job-throughput",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        description =
                "How many signals a second the mixture job takes, without sketches and with. Beside it, over the same records"
                        + " and in turns: a reference job that keys the same bytes and writes and reads each once in RocksDB,"
                        + " and a job that hands every record on.",
        footer = {
            "",
            "ratio_* is the mixture job's speed by the reference job's, ratio_identity_* by the other's."
        })
final class JobThroughputCommand implements Callable<Integer> {

    @Mixin private BenchOutput output;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "How often the jobs take turns; the median is told.",
            defaultValue = "5")
    private int repeats;

    @Option(
            names = "--load",
            paramLabel = "LOAD",
            description = "What the signals carry: ${COMPLETION-CANDIDATES}; may be given again.",
            defaultValue = "SCALAR,SKETCH_1024,SKETCH",
            split = ",")
    private List<JobThroughputBench.Load> loads;

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "Factor on the number of records.",
            defaultValue = "1")
    private double scale;

    @Override
    public Integer call() throws Exception {
        output.require(
                repeats >= 1 && repeats <= 100 && scale >= 0.01 && scale <= 100,
                "--repeats must be 1 to 100, --scale 0.01 to 100");
        return output.tell(() -> new JobThroughputBench(loads, repeats, scale, System.err).run());
    }
}
