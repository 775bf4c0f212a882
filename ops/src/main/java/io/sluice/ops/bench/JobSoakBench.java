package io.sluice.ops.bench;

import io.sluice.ops.demo.Latencies;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.CheckpointSaved;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Whether the job stays as it is: rounds at a steady pace for as long as one likes, their plans
 * answered and checkpoints saved, and in each of twelve windows what the job's process takes and
 * how long its answers took: a plan, or the decision to hold. Each quantity is judged by the slope
 * of a line through the windows after the first two, in which code is compiled and caches fill.
 */
public final class JobSoakBench {

    private static final String PREFIX = "soak.";
    private static final int WINDOWS = 12;
    private static final int WARM_UP_WINDOWS = 2;
    private static final int HEAP_MEBIBYTES = 512;
    private static final int ROUNDS_PER_CHECKPOINT = 50;
    private static final long ROUND_MILLIS = 100;
    private static final long MEBIBYTE = 1 << 20;
    private static final Duration POLL = Duration.ofMillis(1);
    private static final Duration ANSWER = Duration.ofMinutes(1);
    private static final JobLoad LOAD = new JobLoad("soak", 26, 1_021, 1, true);

    private final Duration length;
    private final PrintStream out;
    private final SortedMap<String, List<Double>> series = new TreeMap<>();
    private long round;
    private int held;

    /**
     * @param length how long
     */
    public JobSoakBench(Duration length, PrintStream out) {
        this.length = length;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        try (ScratchFolder scratch = ScratchFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.start(scratch.folder("kafka"), 0)) {
            Properties client = Clients.of(broker.bootstrap());
            Topics.create(client, PREFIX, 1, (short) 1);
            try (JobProcess job =
                            JobProcess.start(
                                    scratch.folder("flink"),
                                    broker.bootstrap(),
                                    PREFIX,
                                    HEAP_MEBIBYTES);
                    LoadWriter writer = new LoadWriter(client, PREFIX, LOAD);
                    KafkaConsumer<byte[], byte[]> answers = answers(client)) {
                for (int window = 0; window < WINDOWS; window++) {
                    Latencies latencies = window(writer, answers);
                    JobProcess.Usage usage = job.measure();
                    add("heap_mib", (double) usage.heapBytes() / MEBIBYTE);
                    add("state_mib", (double) usage.stateBytes() / MEBIBYTE);
                    add("files", usage.files());
                    add("latency_p50_ms", latencies.percentileMillis(0.5));
                    add("latency_p99_ms", latencies.percentileMillis(0.99));
                    tell(window, latencies.count());
                }
            }
        }
        return result();
    }

    private Latencies window(LoadWriter writer, KafkaConsumer<byte[], byte[]> answers)
            throws Exception {
        Latencies latencies = new Latencies();
        long until = System.nanoTime() + length.toNanos() / WINDOWS;
        Contract contract = new Contract();
        while (System.nanoTime() < until) {
            writer.round(round);
            long closed = System.nanoTime();
            Optional<MixturePlan> plan = answer(answers, contract);
            long nanos = System.nanoTime() - closed;
            latencies.add(nanos);
            if (plan.isPresent()) {
                writer.send(Topic.ACKS, accepted(plan.get(), writer.attempt()));
            } else {
                held++;
            }
            round++;
            if (round % ROUNDS_PER_CHECKPOINT == 0) {
                writer.send(Topic.RUNS, saved(writer.attempt(), JobLoad.firstStep(round)));
            }
            // The pace of a trainer; nothing waits for it.
            Thread.sleep(Math.max(0, ROUND_MILLIS - nanos / 1_000_000));
        }
        return latencies;
    }

    /** The round's plan; empty when it was decided to hold. */
    private Optional<MixturePlan> answer(KafkaConsumer<byte[], byte[]> answers, Contract contract) {
        Optional<MixturePlan> plan = Optional.empty();
        boolean publishes = false;
        long start = System.nanoTime();
        while (System.nanoTime() - start < ANSWER.toNanos()) {
            for (ConsumerRecord<byte[], byte[]> record : answers.poll(POLL)) {
                SpecificRecord value = contract.decode(record.value());
                if (value instanceof MixturePlan made && made.getRound() == round) {
                    plan = Optional.of(made);
                } else if (value instanceof Decision decision && decision.getRound() == round) {
                    publishes = decision.getHold() == HoldReason.NONE;
                    if (!publishes) {
                        return Optional.empty();
                    }
                }
            }
            if (publishes && plan.isPresent()) {
                return plan;
            }
        }
        throw new IllegalStateException("nothing was decided on round " + round);
    }

    private static PlanAck accepted(MixturePlan plan, long attempt) {
        return PlanAck.newBuilder()
                .setRunId(LOAD.runId())
                .setAttempt(attempt)
                .setOfferedVersion(plan.getVersion())
                .setOfferedDigest(plan.getDigest())
                .setOfferedEpoch(plan.getEpoch())
                .setVerdict(AckVerdict.ACCEPTED)
                .setInForce(plan)
                .build();
    }

    private static CheckpointSaved saved(long attempt, long nextStep) {
        return CheckpointSaved.newBuilder()
                .setRunId(LOAD.runId())
                .setAttempt(attempt)
                .setNextStep(nextStep)
                .build();
    }

    private static KafkaConsumer<byte[], byte[]> answers(Properties client) {
        KafkaConsumer<byte[], byte[]> consumer = TopicContent.consumer(client);
        List<TopicPartition> partitions =
                List.of(
                        new TopicPartition(Topic.PLANS.name(PREFIX), 0),
                        new TopicPartition(Topic.DECISIONS.name(PREFIX), 0));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    private void add(String name, double value) {
        series.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    private void tell(int window, int rounds) {
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(
                        Locale.ROOT, "window %d of %d: %d rounds", window + 1, WINDOWS, rounds));
        series.forEach(
                (name, values) ->
                        line.append(
                                String.format(Locale.ROOT, ", %s %.1f", name, values.get(window))));
        out.println(line);
    }

    private BenchResult result() {
        SortedMap<String, Double> figures = new TreeMap<>();
        boolean flat = true;
        for (var entry : series.entrySet()) {
            Trend trend = Trend.of(entry.getValue().subList(WARM_UP_WINDOWS, WINDOWS));
            double perHour = WINDOWS / (length.toMillis() / 3_600_000.0);
            figures.put(entry.getKey() + "_mean", trend.mean());
            figures.put(entry.getKey() + "_slope_per_hour", trend.slope() * perHour);
            figures.put(entry.getKey() + "_slope_error_per_hour", trend.error() * perHour);
            figures.put(entry.getKey() + "_flat", trend.isFlat() ? 1.0 : 0.0);
            flat &= trend.isFlat();
        }
        figures.put("flat", flat ? 1.0 : 0.0);
        out.println(Trend.MEANING);
        out.printf("%,d rounds, of which %,d made no plan%n", round, held);
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("minutes", length.toMillis() / 60_000.0);
        settings.put("windows", WINDOWS);
        settings.put("warmUpWindows", WARM_UP_WINDOWS);
        settings.put("groups", LOAD.groups());
        settings.put("dimension", LOAD.dimension());
        settings.put("roundMillis", ROUND_MILLIS);
        settings.put("rounds", round);
        settings.put("heldRounds", held);
        settings.put("jobHeapMebibytes", HEAP_MEBIBYTES);
        settings.put("series", series);
        return BenchResult.here("job-soak", figures, settings);
    }
}
