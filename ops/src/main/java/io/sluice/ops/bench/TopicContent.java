package io.sluice.ops.bench;

import io.sluice.schemas.Contract;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Everything that stands on a topic of one partition. */
final class TopicContent {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicContent() {}

    /**
     * A record of the contract on a topic.
     *
     * @param offset where it stands
     * @param timestampMillis when it was sent
     */
    record Entry<T extends SpecificRecord>(long offset, long timestampMillis, T value) {}

    /** The records of one type that stand there now, in order. */
    static <T extends SpecificRecord> List<Entry<T>> read(
            Properties client, Topic topic, Class<T> type) {
        return read(client, topic.name(Topic.DEFAULT_PREFIX), type);
    }

    /** As {@link #read(Properties, Topic, Class)}, of the topic of a name. */
    static <T extends SpecificRecord> List<Entry<T>> read(
            Properties client, String topic, Class<T> type) {
        List<Entry<T>> found = new ArrayList<>();
        each(client, topic, type, found::add);
        return found;
    }

    /** Hands on what {@link #read(Properties, String, Class)} collects, one after the other. */
    static <T extends SpecificRecord> void each(
            Properties client, String topic, Class<T> type, Consumer<Entry<T>> reader) {
        Contract contract = new Contract();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(client)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(partition));
            while (consumer.position(partition) < ends.get(partition)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    SpecificRecord value = contract.decode(record.value());
                    if (type.isInstance(value)) {
                        reader.accept(
                                new Entry<>(record.offset(), record.timestamp(), type.cast(value)));
                    }
                }
            }
        }
    }

    /** A consumer that belongs to no group. */
    static KafkaConsumer<byte[], byte[]> consumer(Properties client) {
        return new KafkaConsumer<>(
                client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
