package io.sluice.ops.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.core.candidate.dedup.MinHashOptions;
import io.sluice.core.candidate.dedup.MinHasher;
import io.sluice.core.candidate.text.NormalisedText;
import io.sluice.flink.candidate.CandidateOptions;
import io.sluice.ops.demo.ProgressDisplay;
import io.sluice.ops.stack.EmbeddedBroker;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.Contract;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How fast the candidate job takes documents in, what they cost on disk, and how many near
 * duplicates it finds. The documents are written first, and then the job starts; the rate is that
 * between a fifth and nineteen twentieths of them.
 */
public final class CandidatesBench {

    private static final String CATALOG = "bench";
    private static final String GROUP = "text";
    private static final double FROM = 0.2;
    private static final double TO = 0.95;
    private static final long POLL_MILLIS = 50;
    private static final Pattern NAMED = Pattern.compile("document '([^']+)'");

    private final Path corpus;
    private final int documents;
    private final PrintStream out;

    /**
     * @param corpus folder of text files
     * @param documents how many documents
     */
    public CandidatesBench(Path corpus, int documents, PrintStream out) {
        this.corpus = corpus;
        this.documents = documents;
        this.out = out;
    }

    /** Runs it. */
    public BenchResult run() throws Exception {
        CandidateTexts texts = CandidateTexts.read(corpus, 1);
        try (ScratchFolder scratch = ScratchFolder.create();
                EmbeddedBroker broker = EmbeddedBroker.start(scratch.folder("kafka"), 0)) {
            Properties client = Clients.of(broker.bootstrap());
            Topics.create(client, Topic.DEFAULT_PREFIX, 1, (short) 1);
            fill(client, texts);
            Path state = scratch.folder("flink");
            SortedMap<String, Double> figures = new TreeMap<>();
            EmbeddedJob job = EmbeddedJob.start(state, CandidateOptions.of(client), 1);
            try {
                rate(client, job, figures);
            } finally {
                job.suspend();
            }
            judge(client, texts, figures);
            figures.put("bytes_per_document", savepointBytes(state) / figures.get("survivors"));
            SortedMap<String, Object> settings = new TreeMap<>();
            settings.put("documents", documents);
            settings.put("minHash", MinHashOptions.DEFAULT.toString());
            return BenchResult.here("candidates", figures, settings);
        }
    }

    private void fill(Properties client, CandidateTexts texts) throws Exception {
        Contract contract = new Contract();
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty("linger.ms", "50");
        properties.setProperty("batch.size", "262144");
        properties.setProperty("compression.type", "lz4");
        ProgressDisplay progress = new ProgressDisplay(out, false, documents, "document");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(
                        properties, new StringSerializer(), new ByteArraySerializer())) {
            CatalogGroup group =
                    new CatalogGroup(
                            CATALOG, GROUP, CatalogGroupState.ACTIVE, 0, "bench", "to be measured");
            send(producer, contract, Topic.CATALOGS, CATALOG, group);
            for (int i = 0; i < documents; i++) {
                CandidateDocument document =
                        new CandidateDocument(
                                CandidateTexts.id(i),
                                CATALOG,
                                "bench",
                                GROUP,
                                ByteBuffer.wrap(texts.text(i).getBytes(StandardCharsets.UTF_8)),
                                "",
                                0L,
                                "",
                                Map.of(),
                                List.of());
                send(producer, contract, Topic.CANDIDATES, document.getId(), document);
                progress.show(i + 1, "written");
            }
        }
    }

    private static void send(
            KafkaProducer<String, byte[]> producer,
            Contract contract,
            Topic topic,
            String key,
            SpecificRecord value) {
        producer.send(
                new ProducerRecord<>(
                        topic.name(Topic.DEFAULT_PREFIX), key, contract.encode(value)));
    }

    /** Documents per second, and what they cost; every document ends on one of two topics. */
    private void rate(Properties client, EmbeddedJob job, SortedMap<String, Double> figures)
            throws Exception {
        ProgressDisplay progress = new ProgressDisplay(out, false, documents, "document");
        try (KafkaConsumer<byte[], byte[]> consumer = TopicContent.consumer(client)) {
            List<TopicPartition> ends =
                    List.of(
                            new TopicPartition(Topic.DOCUMENTS.name(Topic.DEFAULT_PREFIX), 0),
                            new TopicPartition(Topic.REJECTS.name(Topic.DEFAULT_PREFIX), 0));
            LongSupplier done =
                    () -> consumer.endOffsets(ends).values().stream().mapToLong(x -> x).sum();
            long[] reached = new long[2];
            long[] nanos = new long[2];
            long[] cpuNanos = new long[2];
            for (int mark = 0; mark < 2; mark++) {
                long goal = (long) (documents * (mark == 0 ? FROM : TO));
                while ((reached[mark] = done.getAsLong()) < goal) {
                    requireRuns(job);
                    progress.show(reached[mark], "judged");
                    Thread.sleep(POLL_MILLIS);
                }
                nanos[mark] = System.nanoTime();
                cpuNanos[mark] = cpuNanos();
            }
            while (done.getAsLong() < documents) {
                requireRuns(job);
                Thread.sleep(POLL_MILLIS);
            }
            double judged = reached[1] - reached[0];
            figures.put("docs_per_second", judged / ((nanos[1] - nanos[0]) * 1e-9));
            figures.put("cpu_us_per_document", (cpuNanos[1] - cpuNanos[0]) * 1e-3 / judged);
        }
    }

    private static void requireRuns(EmbeddedJob job) {
        job.failure()
                .ifPresent(
                        failure -> {
                            throw new IllegalStateException("the job failed", failure);
                        });
    }

    /** Processor time of broker, job and whatever else this process does. */
    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** Compares what was dropped with the exact Jaccard similarities. */
    private void judge(Properties client, CandidateTexts texts, SortedMap<String, Double> figures) {
        MinHasher hasher = new MinHasher(MinHashOptions.DEFAULT);
        Map<Integer, Rejected> rejected = new TreeMap<>();
        for (TopicContent.Entry<Rejected> entry :
                TopicContent.read(client, Topic.REJECTS, Rejected.class)) {
            // The topic has one partition, and document i stands at offset i.
            rejected.put((int) entry.value().getOffset(), entry.value());
        }
        long dropped = 0;
        long rightlyDropped = 0;
        for (Map.Entry<Integer, Rejected> entry : rejected.entrySet()) {
            if (entry.getValue().getReason() == RejectReason.NEAR_DUPLICATE) {
                Matcher named = NAMED.matcher(entry.getValue().getMessage());
                if (!named.find()) {
                    throw new IllegalStateException("no survivor is named: " + entry.getValue());
                }
                int survivor = CandidateTexts.number(named.group(1));
                dropped++;
                rightlyDropped += jaccard(hasher, texts, entry.getKey(), survivor) >= 0.7 ? 1 : 0;
            }
        }
        long copies = 0;
        long found = 0;
        for (int i = 0; i < documents; i++) {
            OptionalInt original = texts.original(i);
            if (original.isPresent()
                    && !rejected.containsKey(original.getAsInt())
                    && jaccard(hasher, texts, i, original.getAsInt()) >= 0.8) {
                copies++;
                found += isDuplicate(rejected.get(i)) ? 1 : 0;
            }
        }
        figures.put("near_precision", (double) rightlyDropped / dropped);
        figures.put("near_recall", (double) found / copies);
        figures.put("near_dropped", (double) dropped);
        figures.put("near_planted", (double) copies);
        figures.put("survivors", (double) documents - rejected.size());
    }

    /** Whether a document was turned away as a copy, and not for its score. */
    private static boolean isDuplicate(Rejected rejected) {
        return rejected != null
                && (rejected.getReason() == RejectReason.NEAR_DUPLICATE
                        || rejected.getReason() == RejectReason.EXACT_DUPLICATE);
    }

    private static double jaccard(MinHasher hasher, CandidateTexts texts, int a, int b) {
        Set<Long> left = shingles(hasher, texts.text(a));
        Set<Long> right = shingles(hasher, texts.text(b));
        long both = left.stream().filter(right::contains).count();
        return (double) both / (left.size() + right.size() - both);
    }

    private static Set<Long> shingles(MinHasher hasher, String text) {
        return Arrays.stream(hasher.shingles(NormalisedText.of(text)))
                .boxed()
                .collect(Collectors.toSet());
    }

    private static double savepointBytes(Path state) throws IOException {
        try (Stream<Path> files = Files.walk(state)) {
            long bytes = 0;
            for (Path file : files.filter(path -> path.toString().contains("savepoint")).toList()) {
                bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
            }
            return bytes;
        }
    }
}
