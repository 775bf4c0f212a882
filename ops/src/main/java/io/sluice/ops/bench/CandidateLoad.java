package io.sluice.ops.bench;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.ops.ProgressDisplay;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Topic;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Documents on the candidates topic, written before the job starts, and how fast it takes them. */
final class CandidateLoad {

    /** The catalog of all documents. */
    static final String CATALOG = "bench";

    private static final String GROUP = "text";
    private static final double FROM = 0.2;
    private static final double TO = 0.95;
    private static final long POLL_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger(CandidateLoad.class);

    private final Properties client;
    private final String prefix;
    private final CandidateTexts texts;
    private final int[] numbers;
    private final PrintStream out;
    private final AtomicReference<Exception> unsent = new AtomicReference<>();

    /**
     * @param prefix prefix of the topics, which exist and are empty
     * @param numbers which of the texts
     */
    CandidateLoad(
            Properties client,
            String prefix,
            CandidateTexts texts,
            int[] numbers,
            PrintStream out) {
        this.client = client;
        this.prefix = prefix;
        this.texts = texts;
        this.numbers = numbers;
        this.out = out;
    }

    /**
     * How fast documents were judged, between a fifth and nineteen twentieths of them.
     *
     * @param perSecond documents per second
     * @param cpuMicros processor time of a document, in microseconds, of everything in this process
     */
    record Rate(double perSecond, double cpuMicros) {}

    /**
     * Announces the group, and writes the documents after what else belongs on the catalogs topic.
     */
    void fill(SpecificRecord... catalog) throws Exception {
        Contract contract = new Contract();
        Properties properties = new Properties();
        properties.putAll(client);
        properties.setProperty("linger.ms", "50");
        properties.setProperty("batch.size", "262144");
        properties.setProperty("compression.type", "lz4");
        ProgressDisplay progress = new ProgressDisplay(out, false, numbers.length, "document");
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(
                        properties, new StringSerializer(), new ByteArraySerializer())) {
            CatalogGroup group =
                    new CatalogGroup(
                            CATALOG, GROUP, CatalogGroupState.ACTIVE, 0, "bench", "to be measured");
            send(producer, contract, Topic.CATALOGS, CATALOG, group);
            for (SpecificRecord record : catalog) {
                send(producer, contract, Topic.CATALOGS, CATALOG, record);
            }
            for (int i = 0; i < numbers.length; i++) {
                CandidateDocument document =
                        new CandidateDocument(
                                CandidateTexts.id(numbers[i]),
                                CATALOG,
                                "bench",
                                GROUP,
                                ByteBuffer.wrap(
                                        texts.text(numbers[i]).getBytes(StandardCharsets.UTF_8)),
                                "",
                                0L,
                                "",
                                Map.of(),
                                List.of());
                send(producer, contract, Topic.CANDIDATES, document.getId(), document);
                progress.show(i + 1, "written");
            }
        }
        if (unsent.get() != null) {
            throw new IllegalStateException("the broker did not take a document", unsent.get());
        }
    }

    private void send(
            KafkaProducer<String, byte[]> producer,
            Contract contract,
            Topic topic,
            String key,
            SpecificRecord value) {
        producer.send(
                new ProducerRecord<>(topic.name(prefix), key, contract.encode(value)),
                (sent, failure) -> {
                    if (failure != null) {
                        unsent.compareAndSet(null, failure);
                    }
                });
    }

    /** Waits until the job has judged all; every document ends on one of two topics. */
    Rate await(EmbeddedJob job) throws Exception {
        ProgressDisplay progress = new ProgressDisplay(out, false, numbers.length, "document");
        try (KafkaConsumer<byte[], byte[]> consumer = TopicContent.consumer(client)) {
            List<TopicPartition> ends =
                    List.of(
                            new TopicPartition(Topic.DOCUMENTS.name(prefix), 0),
                            new TopicPartition(Topic.REJECTS.name(prefix), 0));
            LongSupplier done = () -> judged(consumer, ends);
            long[] reached = new long[2];
            long[] nanos = new long[2];
            long[] cpuNanos = new long[2];
            for (int mark = 0; mark < 2; mark++) {
                long goal = (long) (numbers.length * (mark == 0 ? FROM : TO));
                while ((reached[mark] = done.getAsLong()) < goal) {
                    requireRuns(job);
                    progress.show(reached[mark], "judged");
                    Thread.sleep(POLL_MILLIS);
                }
                nanos[mark] = System.nanoTime();
                cpuNanos[mark] = cpuNanos();
            }
            while (done.getAsLong() < numbers.length) {
                requireRuns(job);
                Thread.sleep(POLL_MILLIS);
            }
            double judged = reached[1] - reached[0];
            return new Rate(
                    judged / ((nanos[1] - nanos[0]) * 1e-9),
                    (cpuNanos[1] - cpuNanos[0]) * 1e-3 / judged);
        }
    }

    /** The documents between which the rate is taken. */
    int[] measured() {
        return Arrays.copyOfRange(
                numbers, (int) (numbers.length * FROM), (int) (numbers.length * TO));
    }

    /** Waits for a broker that is too busy to answer; whether the job runs is asked elsewhere. */
    private static long judged(KafkaConsumer<?, ?> consumer, List<TopicPartition> ends) {
        while (true) {
            try {
                return consumer.endOffsets(ends).values().stream().mapToLong(x -> x).sum();
            } catch (TimeoutException e) {
                LOG.warn("the broker does not say how far the job is: it is asked again", e);
            }
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
    static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
