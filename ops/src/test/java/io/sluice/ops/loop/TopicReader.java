package io.sluice.ops.loop;

import io.sluice.schemas.Contract;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning until it has what a test waits for. */
final class TopicReader {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private TopicReader() {}

    /** The records of one type on a topic, read until {@code enough} says so; fails after 90 s. */
    static <T> List<T> read(
            Properties client, Topic topic, Class<T> type, Predicate<List<T>> enough) {
        return read(client, Topic.DEFAULT_PREFIX, topic, type, enough);
    }

    /** As above, with another prefix of the topics. */
    static <T> List<T> read(
            Properties client,
            String prefix,
            Topic topic,
            Class<T> type,
            Predicate<List<T>> enough) {
        Contract contract = new Contract();
        List<T> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic.name(prefix)).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (!enough.test(found)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError(
                            "after 90 s " + topic + " holds only " + found.size() + ": " + found);
                }
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(200))) {
                    Object value = contract.decode(record.value());
                    if (type.isInstance(value)) {
                        found.add(type.cast(value));
                    }
                }
            }
        }
        return found;
    }
}
