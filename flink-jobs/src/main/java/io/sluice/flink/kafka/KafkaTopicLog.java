package io.sluice.flink.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic on Kafka. */
public final class KafkaTopicLog implements TopicLog {

    private static final long serialVersionUID = 1;

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Properties client;
    private final String topic;

    /**
     * @param client client properties with {@code bootstrap.servers}
     * @param topic the topic's full name
     */
    public KafkaTopicLog(Properties client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    @Override
    public Reader open() {
        Properties properties = new Properties();
        client.stringPropertyNames()
                .forEach(name -> properties.setProperty(name, client.getProperty(name)));
        properties.setProperty(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(LIMIT.toMillis()));
        properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        return new KafkaReader(
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    private final class KafkaReader implements Reader {

        private final KafkaConsumer<byte[], byte[]> consumer;

        KafkaReader(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public Map<Integer, Long> beginnings() {
            return byPartition(consumer.beginningOffsets(partitions()));
        }

        @Override
        public Map<Integer, Long> ends() {
            return byPartition(consumer.endOffsets(partitions()));
        }

        @Override
        public void read(
                Map<Integer, Long> from, Map<Integer, Long> to, Consumer<RawRecord> records) {
            List<TopicPartition> unread = new ArrayList<>();
            to.forEach(
                    (partition, end) -> {
                        if (from.getOrDefault(partition, 0L) < end) {
                            unread.add(new TopicPartition(topic, partition));
                        }
                    });
            if (unread.isEmpty()) {
                return;
            }
            consumer.assign(unread);
            Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(unread);
            unread.forEach(
                    partition ->
                            consumer.seek(
                                    partition,
                                    Math.max(
                                            from.getOrDefault(partition.partition(), 0L),
                                            beginnings.get(partition))));
            drain(unread, to, records);
            consumer.unsubscribe();
        }

        private void drain(
                List<TopicPartition> unread, Map<Integer, Long> to, Consumer<RawRecord> records) {
            long lastProgress = System.nanoTime();
            while (unread.stream().anyMatch(p -> consumer.position(p) < to.get(p.partition()))) {
                boolean progress = false;
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    progress = true;
                    if (record.offset() < to.get(record.partition())) {
                        records.accept(RawRecordReader.raw(record));
                    }
                }
                if (progress) {
                    lastProgress = System.nanoTime();
                } else if (System.nanoTime() - lastProgress > LIMIT.toNanos()) {
                    throw new TimeoutException(
                            "no record of " + topic + " came within " + LIMIT.toSeconds() + " s");
                }
            }
        }

        private Collection<TopicPartition> partitions() {
            List<PartitionInfo> partitions = consumer.partitionsFor(topic);
            if (partitions == null || partitions.isEmpty()) {
                throw new UnknownTopicOrPartitionException("there is no topic " + topic);
            }
            return partitions.stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
        }

        private static Map<Integer, Long> byPartition(Map<TopicPartition, Long> offsets) {
            Map<Integer, Long> plain = new TreeMap<>();
            offsets.forEach((partition, offset) -> plain.put(partition.partition(), offset));
            return plain;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
