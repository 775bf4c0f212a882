package io.sluice.bridge;

import io.sluice.schemas.Contract;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The log in Kafka. Clients are made when first needed, for making one may already ask the network
 * for a name; only settings that can never work fail at once.
 */
final class KafkaLog implements RecordLog {

    /** Room for the largest record of the contract with its key and headers. */
    private static final int MOST_REQUEST_BYTES = 2 * Contract.LARGE;

    private final Map<String, Object> adminSettings;
    private final Map<String, Object> producerSettings;
    private final Map<String, Object> consumerSettings;
    private Producer<String, byte[]> producer;
    private boolean closed;

    /**
     * @throws org.apache.kafka.common.config.ConfigException when a setting can never work
     */
    KafkaLog(BridgeOptions options) {
        int answerMillis = (int) options.answerTimeout().toMillis();
        Map<String, Object> common = new HashMap<>(options.kafka());
        common.put("request.timeout.ms", answerMillis);
        common.putIfAbsent("client.id", "sluice-bridge-" + options.reporter());

        adminSettings = new HashMap<>(common);
        adminSettings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, answerMillis);
        new AdminClientConfig(adminSettings);

        producerSettings = new HashMap<>(common);
        producerSettings.put(ProducerConfig.ACKS_CONFIG, "all");
        producerSettings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        producerSettings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        producerSettings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) answerMillis);
        producerSettings.put(
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) options.deliveryTimeout().toMillis());
        producerSettings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_REQUEST_BYTES);
        producerSettings.put(
                ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, StringSerializer.class.getName());
        producerSettings.put(
                ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        new ProducerConfig(producerSettings);

        consumerSettings = new HashMap<>(common);
        consumerSettings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, answerMillis);
        consumerSettings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumerSettings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // A position that is gone means that the log was cut; what is old is refused anyway.
        consumerSettings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumerSettings.put(
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, StringDeserializer.class.getName());
        consumerSettings.put(
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class.getName());
        new ConsumerConfig(consumerSettings);
    }

    @Override
    public Set<String> missing(Collection<String> topics) {
        try (Admin admin = Admin.create(adminSettings)) {
            Set<String> missing = new TreeSet<>(topics);
            missing.removeAll(admin.listTopics().names().get());
            return missing;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("cannot list the topics", e.getCause());
        }
    }

    @Override
    public CompletableFuture<Long> append(String topic, String key, byte[] value) {
        CompletableFuture<Long> appended = new CompletableFuture<>();
        try {
            producer()
                    .send(
                            new ProducerRecord<>(topic, key, value),
                            (metadata, failure) -> {
                                if (failure == null) {
                                    appended.complete(metadata.offset());
                                } else {
                                    appended.completeExceptionally(failure);
                                }
                            });
        } catch (RuntimeException e) {
            appended.completeExceptionally(e);
        }
        return appended;
    }

    @Override
    public Map<Integer, Long> ends(String topic) {
        try (Consumer<String, byte[]> consumer = new KafkaConsumer<>(consumerSettings)) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            if (partitions.isEmpty()) {
                throw new KafkaException("topic " + topic + " has no partitions");
            }
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions)
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        }
    }

    @Override
    public LogReader read(String topic, Map<Integer, Long> positions) {
        return new KafkaReader(new KafkaConsumer<>(consumerSettings), topic, positions);
    }

    @Override
    public void close(Duration timeout) {
        Producer<String, byte[]> open;
        synchronized (this) {
            closed = true;
            open = producer;
            producer = null;
        }
        if (open != null) {
            open.close(timeout);
        }
    }

    private synchronized Producer<String, byte[]> producer() {
        if (closed) {
            throw new KafkaException("the bridge is closed");
        }
        if (producer == null) {
            producer = new KafkaProducer<>(producerSettings);
        }
        return producer;
    }

    /** Reads all partitions of a topic by position, in no consumer group. */
    private static final class KafkaReader implements LogReader {

        private static final CloseOptions AT_ONCE = CloseOptions.timeout(Duration.ZERO);

        private final Consumer<String, byte[]> consumer;

        KafkaReader(Consumer<String, byte[]> consumer, String topic, Map<Integer, Long> positions) {
            this.consumer = consumer;
            consumer.assign(
                    positions.keySet().stream()
                            .map(partition -> new TopicPartition(topic, partition))
                            .toList());
            positions.forEach(
                    (partition, offset) ->
                            consumer.seek(new TopicPartition(topic, partition), offset));
        }

        @Override
        public List<LogRecord> poll(Duration timeout) {
            return StreamSupport.stream(consumer.poll(timeout).spliterator(), false)
                    .map(
                            record ->
                                    new LogRecord(
                                            record.partition(),
                                            record.offset(),
                                            record.key() == null ? "" : record.key(),
                                            record.value() == null ? new byte[0] : record.value()))
                    .toList();
        }

        @Override
        public void close() {
            consumer.close(AT_ONCE);
        }
    }
}
