package io.sluice.ops.demo;

import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads topics from their beginning, on a thread of its own, for people to see. */
final class TopicFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFeed.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final long CLOSE_MILLIS = 5_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Contract contract = new Contract();
    private final Consumer<SpecificRecord> listener;
    private final Thread thread = new Thread(this::run, "sluice-feed");

    /**
     * @param listener hears every record that is one of the contract's
     */
    TopicFeed(Properties client, List<Topic> topics, Consumer<SpecificRecord> listener) {
        this.consumer =
                new KafkaConsumer<>(
                        client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.listener = listener;
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : topics) {
            consumer.partitionsFor(topic.name(Topic.DEFAULT_PREFIX))
                    .forEach(
                            info ->
                                    partitions.add(
                                            new TopicPartition(info.topic(), info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            }
        } catch (WakeupException e) {
            // Closed.
        } catch (KafkaException e) {
            LOG.warn("the page shows nothing new of some topics", e);
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            listener.accept(contract.decode(record.value()));
        } catch (ContractException e) {
            // Not for us to judge; the page shows what it can read.
        }
    }
}
