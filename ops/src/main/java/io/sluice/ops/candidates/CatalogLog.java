package io.sluice.ops.candidates;

import io.sluice.core.candidate.CandidateException;
import io.sluice.flink.candidate.CatalogRecords;
import io.sluice.flink.kafka.KafkaTopicLog;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.ops.UserException;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes to the topics of catalogs, and reads what was announced there. */
public final class CatalogLog implements AutoCloseable {

    private final Properties client;
    private final String prefix;
    private final Contract contract = new Contract();
    private final KafkaProducer<String, byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    /**
     * @param client client properties with {@code bootstrap.servers}
     * @param prefix prefix of the topics' names
     */
    public CatalogLog(Properties client, String prefix) {
        this.client = client;
        this.prefix = prefix;
        Properties properties = new Properties();
        properties.putAll(client);
        properties.putIfAbsent("acks", "all");
        properties.putIfAbsent("linger.ms", "20");
        properties.putIfAbsent("batch.size", "262144");
        properties.putIfAbsent("compression.type", "lz4");
        properties.putIfAbsent("max.request.size", "2097152");
        properties.putIfAbsent("max.block.ms", "30000");
        this.producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    /** The last announcement of a group that obeys the rules. */
    public Optional<CatalogGroup> group(String catalog, String group) {
        Map<String, CatalogGroup> groups = new HashMap<>();
        try (TopicLog.Reader reader =
                new KafkaTopicLog(client, Topic.CATALOGS.name(prefix)).open()) {
            reader.read(
                    Map.of(),
                    reader.ends(),
                    raw -> {
                        try {
                            if (CatalogRecords.read(raw, contract) instanceof CatalogGroup announced
                                    && announced.getCatalog().equals(catalog)) {
                                groups.put(announced.getGroup(), announced);
                            }
                        } catch (CandidateException e) {
                            // The job rejects it; there is nothing to see here.
                        }
                    });
        }
        return Optional.ofNullable(groups.get(group));
    }

    /**
     * Sends a record, waiting where the brokers are slower than the caller.
     *
     * @throws ContractException when it is larger than it may be
     * @throws UserException when an earlier record was not taken
     */
    public void send(Topic topic, String key, SpecificRecord value) {
        byte[] bytes = contract.encode(value);
        requireNoFailure();
        producer.send(
                new ProducerRecord<>(topic.name(prefix), key, bytes),
                (metadata, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
    }

    /**
     * Returns when everything that was sent is stored.
     *
     * @throws UserException when something was not taken
     */
    public void flush() {
        producer.flush();
        requireNoFailure();
    }

    private void requireNoFailure() {
        if (failure.get() != null) {
            throw new UserException(
                    "the brokers did not take a record ("
                            + failure.get()
                            + "): check that they run, that the topics exist ('./sluice topics"
                            + " create') and what this client may do",
                    failure.get());
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(10));
    }
}
