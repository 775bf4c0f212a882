package io.sluice.ops.chaos;

import io.sluice.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Puts bytes on the telemetry topic as any stranger could. */
final class RecordSender implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;

    RecordSender(Properties client) {
        producer =
                new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Where a record came to stand. */
    record Sent(int partition, long offset) {}

    /** Sends a record, and returns when the broker has it. */
    Sent send(String key, byte[] value) throws ExecutionException, InterruptedException {
        RecordMetadata metadata =
                producer.send(
                                new ProducerRecord<>(
                                        topic(), key.getBytes(StandardCharsets.UTF_8), value))
                        .get();
        return new Sent(metadata.partition(), metadata.offset());
    }

    /** Sends records in their order, and returns when the broker has them all. */
    void sendAll(String key, List<byte[]> values) {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        for (byte[] value : values) {
            producer.send(new ProducerRecord<>(topic(), keyBytes, value));
        }
        producer.flush();
    }

    private static String topic() {
        return Topic.TELEMETRY.name(Topic.DEFAULT_PREFIX);
    }

    @Override
    public void close() {
        producer.close();
    }
}
