package io.sluice.ops.chaos;

import io.sluice.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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
    record Sent(int partition, long offset) {

        /** By this it is known where records are listed. */
        Recount.Place place() {
            return new Recount.Place(partition, offset);
        }
    }

    /** Sends a record, and returns when the broker has it. */
    Sent send(String key, byte[] value) throws ExecutionException, InterruptedException {
        return sendAll(key, List.of(value)).get(0);
    }

    /** Sends records in their order, and returns when the broker has them all. */
    List<Sent> sendAll(String key, List<byte[]> values)
            throws ExecutionException, InterruptedException {
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        List<Future<RecordMetadata>> answers = new ArrayList<>();
        for (byte[] value : values) {
            answers.add(producer.send(new ProducerRecord<>(topic(), keyBytes, value)));
        }
        List<Sent> sent = new ArrayList<>();
        for (Future<RecordMetadata> answer : answers) {
            sent.add(new Sent(answer.get().partition(), answer.get().offset()));
        }
        return sent;
    }

    private static String topic() {
        return Topic.TELEMETRY.name(Topic.DEFAULT_PREFIX);
    }

    @Override
    public void close() {
        producer.close();
    }
}
