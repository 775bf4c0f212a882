package io.sluice.ops.bench;

import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * How many signals a second the mixture job takes, over records that stand on the topic before it
 * starts. Beside it, over the same records and in turns with it: a reference job that keys the same
 * bytes and writes and reads each once in RocksDB, and an identity job. A first turn of all three
 * is not counted: it goes to the compiler.
 */
public final class JobThroughputBench {

    private static final int PARALLELISM = 1;

    /** A load: its name in the figures, its groups and sketches, and its rounds. */
    public enum Load {
        SCALAR("scalar", 1_000, 0, 900),
        SKETCH_1024("sketch_1024", 500, 1_024, 500),
        SKETCH("sketch", 100, 8_191, 400);

        private final String label;
        private final int rounds;
        private final JobLoad made;

        Load(String label, int groups, int dimension, int rounds) {
            this.label = label;
            this.rounds = rounds;
            this.made = new JobLoad("throughput-" + label, groups, dimension, 1);
        }

        String prefix() {
            return label.replace('_', '-') + '.';
        }
    }

    /** The jobs that take turns. */
    private enum Job {
        MIXTURE,
        REFERENCE,
        IDENTITY
    }

    /** What one job made of one load. */
    private record Speed(double perSecond, double cpuMicros) {}

    private final List<Load> loads;
    private final int repeats;
    private final double scale;
    private final PrintStream out;

    /**
     * @param loads what to measure
     * @param repeats how often the jobs take turns; medians are told
     * @param scale factor on the number of rounds of every load
     */
    public JobThroughputBench(List<Load> loads, int repeats, double scale, PrintStream out) {
        this.loads = loads;
        this.repeats = repeats;
        this.scale = scale;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        SortedMap<String, Double> figures = new TreeMap<>();
        SortedMap<String, Object> settings = new TreeMap<>();
        for (Load load : loads) {
            try (ScratchFolder scratch = ScratchFolder.create();
                    EmbeddedBroker broker = EmbeddedBroker.start(scratch.folder("kafka"), 0)) {
                measure(load, scratch, Clients.of(broker.bootstrap()), figures);
            }
            settings.put(load.label + "_groups", load.made.groups());
            settings.put(load.label + "_dimension", load.made.dimension());
            settings.put(load.label + "_records", rounds(load) * load.made.recordsPerRound());
        }
        settings.put("repeats", repeats);
        settings.put("parallelism", PARALLELISM);
        return BenchResult.here("job-throughput", figures, settings);
    }

    private void measure(
            Load load, ScratchFolder scratch, Properties client, SortedMap<String, Double> figures)
            throws Exception {
        int rounds = rounds(load);
        write(load, client, rounds);
        List<Double> reference = new ArrayList<>();
        List<Double> identity = new ArrayList<>();
        List<List<Speed>> speeds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (Job job : Job.values()) {
            speed(job, load, client, scratch.folder(job.name()), rounds);
        }
        for (int turn = 0; turn < repeats; turn++) {
            double[] rates = new double[Job.values().length];
            for (Job job : Job.values()) {
                Path folder = scratch.folder(job.name() + turn);
                Speed speed = speed(job, load, client, folder, rounds);
                rates[job.ordinal()] = speed.perSecond();
                speeds.get(job.ordinal()).add(speed);
                out.printf(
                        "%s, %s: %,.0f records a second, %.1f us of processor time each%n",
                        load.label, job, speed.perSecond(), speed.cpuMicros());
            }
            reference.add(rates[0] / rates[1]);
            identity.add(rates[0] / rates[2]);
        }
        figures.put("ratio_" + load.label, median(reference));
        figures.put("ratio_identity_" + load.label, median(identity));
        for (Job job : Job.values()) {
            String name = job.name().toLowerCase(java.util.Locale.ROOT) + "_" + load.label;
            List<Speed> taken = speeds.get(job.ordinal());
            figures.put(name + "_per_s", median(taken.stream().map(Speed::perSecond).toList()));
            figures.put(name + "_cpu_us", median(taken.stream().map(Speed::cpuMicros).toList()));
        }
    }

    private void write(Load load, Properties client, int rounds) throws Exception {
        Topics.create(client, load.prefix(), 1, (short) 1);
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic(marks(load), 1, (short) 1))).all().get();
        }
        out.printf(
                "writing %,d records of the load '%s'%n",
                rounds * load.made.recordsPerRound(), load.label);
        try (LoadWriter writer = new LoadWriter(client, load.prefix(), load.made)) {
            for (int round = 0; round < rounds; round++) {
                writer.round(round);
            }
        }
    }

    /** The first half of the rounds warms the job up. */
    private Speed speed(Job job, Load load, Properties client, Path folder, int rounds)
            throws Exception {
        String marks = job == Job.MIXTURE ? Topic.DECISIONS.name(load.prefix()) : marks(load);
        int warmUp = rounds / 2;
        try (MarkReader reader = new MarkReader(client, marks);
                AutoCloseable running = start(job, load, client, folder)) {
            MarkReader.Moment from = reader.await(warmUp);
            MarkReader.Moment to = reader.await(rounds);
            double records = (double) (rounds - warmUp) * load.made.recordsPerRound();
            return new Speed(
                    records * 1e9 / (to.nanos() - from.nanos()),
                    (to.cpuNanos() - from.cpuNanos()) / 1e3 / records);
        }
    }

    private static AutoCloseable start(Job job, Load load, Properties client, Path folder)
            throws Exception {
        String telemetry = Topic.TELEMETRY.name(load.prefix());
        int every = load.made.recordsPerRound();
        return switch (job) {
            case MIXTURE ->
                    EmbeddedJob.start(
                            folder,
                            MixtureOptions.of(client.getProperty("bootstrap.servers"))
                                    .withTopicPrefix(load.prefix()),
                            PARALLELISM);
            case REFERENCE ->
                    PlainJob.reference(client, folder, telemetry, marks(load), every, PARALLELISM);
            case IDENTITY ->
                    PlainJob.identity(client, folder, telemetry, marks(load), every, PARALLELISM);
        };
    }

    private int rounds(Load load) {
        return Math.max(6, (int) Math.round(scale * load.rounds));
    }

    private static String marks(Load load) {
        return load.prefix() + "marks";
    }

    static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
