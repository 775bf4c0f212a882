package io.sluice.ops.bench;

import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How long a large round takes from its last record, which the broker has acknowledged, to its
 * decision on the topic. All records of a round are sent at once, as a bridge does, so that the
 * time contains what the job has not caught up with by then. The job has a process and a heap of
 * its own.
 */
public final class JobRoundBench {

    private static final String PREFIX = "round.";
    private static final int DIMENSION = 1_024;

    /** Numbers of groups, in thousands. */
    private static final List<Integer> SIZES = List.of(1, 3, 10);

    private final int warmUp;
    private final int rounds;
    private final int heapMebibytes;
    private final PrintStream out;

    /**
     * @param warmUp rounds of each size before those that are measured
     * @param rounds rounds of each size that are measured; the median and the longest are told
     * @param heapMebibytes largest heap of the job's process
     */
    public JobRoundBench(int warmUp, int rounds, int heapMebibytes, PrintStream out) {
        this.warmUp = warmUp;
        this.rounds = rounds;
        this.heapMebibytes = heapMebibytes;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        SortedMap<String, Double> figures = new TreeMap<>();
        try (ScratchFolder scratch = ScratchFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.start(scratch.folder("kafka"), 0)) {
            Properties client = Clients.of(broker.bootstrap());
            Topics.create(client, PREFIX, 1, (short) 1);
            try (JobProcess job =
                    JobProcess.start(
                            scratch.folder("flink"), broker.bootstrap(), PREFIX, heapMebibytes)) {
                for (int thousands : SIZES) {
                    measure(thousands, client, figures);
                }
                figures.put("heap_after_mib", job.measure().heapBytes() / (double) (1 << 20));
            }
        }
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("dimension", DIMENSION);
        settings.put("targets", JobLoad.TARGETS);
        settings.put("jobHeapMebibytes", heapMebibytes);
        settings.put("warmUpRounds", warmUp);
        settings.put("rounds", rounds);
        return BenchResult.here("job-round", figures, settings);
    }

    private void measure(int thousands, Properties client, SortedMap<String, Double> figures)
            throws Exception {
        String size = thousands + "k";
        JobLoad load = new JobLoad("round-" + size, 1_000 * thousands, DIMENSION, 1);
        List<Double> after = new ArrayList<>();
        List<Double> whole = new ArrayList<>();
        try (MarkReader decisions = new MarkReader(client, Topic.DECISIONS.name(PREFIX));
                LoadWriter writer = new LoadWriter(client, PREFIX, load)) {
            for (int round = 0; round < warmUp + rounds; round++) {
                long first = System.nanoTime();
                writer.round(round);
                long last = System.nanoTime();
                long decided = decisions.await(round + 1).nanos();
                if (round >= warmUp) {
                    after.add((decided - last) / 1e9);
                    whole.add((decided - first) / 1e9);
                }
                out.printf(
                        "%,d groups, round %d: decided %.2f s after its last record, %.2f s after its first%n",
                        load.groups(), round, (decided - last) / 1e9, (decided - first) / 1e9);
            }
        }
        figures.put("seconds_" + size, JobThroughputBench.median(after));
        figures.put("longest_seconds_" + size, Collections.max(after));
        figures.put("seconds_from_first_record_" + size, JobThroughputBench.median(whole));
    }
}
