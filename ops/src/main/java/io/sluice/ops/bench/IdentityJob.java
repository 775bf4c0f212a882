package io.sluice.ops.bench;

import io.sluice.flink.kafka.KafkaEndpoints;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.state.flink.LayoutType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The least that a Flink job between two Kafka topics can do: hand each record on. With the same
 * source, sink and settings.
 */
final class IdentityJob implements AutoCloseable {

    private static final String IN = "identity-in";
    private static final String OUT = "identity-out";
    private static final int BYTES = 256;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final JobClient job;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private long sent;

    private IdentityJob(
            JobClient job,
            KafkaProducer<byte[], byte[]> producer,
            KafkaConsumer<byte[], byte[]> consumer) {
        this.job = job;
        this.producer = producer;
        this.consumer = consumer;
    }

    static IdentityJob start(Properties client, Path folder) throws Exception {
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(IN, 1, (short) 1),
                                    new NewTopic(OUT, 1, (short) 1)))
                    .all()
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
        StreamExecutionEnvironment environment = EmbeddedJob.environment(folder, 1);
        environment.setBufferTimeout(1);
        environment
                .fromSource(
                        KafkaEndpoints.source(client, List.of(IN), "identity"),
                        WatermarkStrategy.noWatermarks(),
                        "identity")
                .map(
                        raw -> new OutboundRecord(OUT, raw.key(), raw.value()),
                        LayoutType.of(OutboundRecordLayout.INSTANCE))
                .sinkTo(KafkaEndpoints.sink(client));
        JobClient job = environment.executeAsync("identity");
        Properties lowLatency = new Properties();
        lowLatency.putAll(client);
        lowLatency.setProperty("linger.ms", "0");
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        lowLatency, new ByteArraySerializer(), new ByteArraySerializer());
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        TopicPartition partition = new TopicPartition(OUT, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        return new IdentityJob(job, producer, consumer);
    }

    /** Sends one record and waits until it has come through. */
    long roundTripNanos() {
        long number = sent++;
        byte[] value = ByteBuffer.allocate(BYTES).putLong(number).array();
        long start = System.nanoTime();
        producer.send(new ProducerRecord<>(IN, value));
        while (System.nanoTime() - start < LIMIT.toNanos()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                if (ByteBuffer.wrap(record.value()).getLong() == number) {
                    return System.nanoTime() - start;
                }
            }
        }
        throw new IllegalStateException(
                "record " + number + " did not come through the identity job");
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
        // The JVM ends soon after: nobody has to wait for the job's end.
        job.cancel();
    }
}
