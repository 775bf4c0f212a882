package io.sluice.ops.chaos;

import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the topics from their beginnings, and later what was added. */
final class TopicTail implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, Topic> topics = new HashMap<>();
    private final History history = new History();

    TopicTail(Properties client) {
        consumer =
                new KafkaConsumer<>(
                        client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> all = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            String name = topic.name(Topic.DEFAULT_PREFIX);
            topics.put(name, topic);
            for (PartitionInfo partition : consumer.partitionsFor(name)) {
                all.add(new TopicPartition(name, partition.partition()));
            }
        }
        consumer.assign(all);
        consumer.seekToBeginning(all);
    }

    /** Everything that the topics hold now. */
    History read() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.value() != null) {
                    history.add(
                            topics.get(record.topic()),
                            record.partition(),
                            record.offset(),
                            record.timestamp(),
                            record.value());
                }
            }
        }
        return history;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
