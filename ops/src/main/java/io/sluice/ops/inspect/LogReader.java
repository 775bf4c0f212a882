package io.sluice.ops.inspect;

import io.sluice.ops.UserException;
import io.sluice.ops.stack.KafkaFaults;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics up to the end that they have at the time of the call, and no further. It joins no
 * group, commits nothing and creates nothing. For one thread, but for {@link #stop}.
 */
final class LogReader implements AutoCloseable {

    /** Read a topic from its beginning. */
    static final long ALL = Long.MAX_VALUE;

    private static final Duration LONGEST_CONTACT = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Properties client;
    private final String brokers;
    private final Duration limit;
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /** {@link #stop} was called. */
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /**
     * @param client client properties with {@code bootstrap.servers}
     * @param limit most time that one reading may take; contact is given up earlier
     * @throws UserException when the properties make no client
     */
    LogReader(Properties client, Duration limit) {
        this.client = client;
        this.brokers = client.getProperty(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG);
        this.limit = limit;
        try {
            this.consumer =
                    new KafkaConsumer<>(
                            settings(client, contact(limit)),
                            new ByteArrayDeserializer(),
                            new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw new UserException(
                    "no Kafka client can be made for "
                            + brokers
                            + ": "
                            + KafkaFaults.reason(e, client),
                    e);
        }
    }

    /**
     * Reads a topic, or its newest records, up to its present end.
     *
     * @param newest how many records of each partition are wanted, or {@link #ALL}
     * @throws UserException when the brokers do not answer, refuse, lack the topic, or have more
     *     than can be read in time
     */
    void read(String topic, long newest, Consumer<LogRecord> sink) {
        read(topic, newest, new HashMap<>(), sink);
    }

    /** As {@link #read}; but goes on where an earlier call ended, also one that failed midway. */
    void readOn(String topic, long newest, Consumer<LogRecord> sink) {
        read(topic, newest, positions, sink);
    }

    private void read(
            String topic,
            long newest,
            Map<TopicPartition, Long> reached,
            Consumer<LogRecord> sink) {
        asking(
                topic,
                () -> {
                    List<TopicPartition> partitions = partitions(topic);
                    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
                    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                    Map<TopicPartition, Long> starts = new HashMap<>();
                    for (TopicPartition partition : partitions) {
                        long start = Math.max(first.get(partition), ends.get(partition) - newest);
                        starts.put(partition, reached.getOrDefault(partition, start));
                    }
                    read(
                            topic,
                            starts,
                            ends,
                            record -> {
                                sink.accept(record);
                                reached.put(
                                        new TopicPartition(topic, record.partition()),
                                        record.offset() + 1);
                                return true;
                            });
                    reached.putAll(ends);
                });
    }

    /**
     * Reads from one offset of one partition to the partition's present end, or until {@code sink}
     * has enough.
     *
     * @param sink takes a record and says whether it wants another
     * @throws UserException as {@link #read}, and when the topic has no such partition or offset
     */
    void readFrom(String topic, int partition, long offset, Predicate<LogRecord> sink) {
        asking(
                topic,
                () -> {
                    TopicPartition wanted = new TopicPartition(topic, partition);
                    List<TopicPartition> there = partitions(topic);
                    if (!there.contains(wanted)) {
                        throw new UserException(
                                topic
                                        + " has partitions 0 to "
                                        + (there.size() - 1)
                                        + ", not "
                                        + partition
                                        + ": choose another with --partition");
                    }
                    long first = consumer.beginningOffsets(List.of(wanted)).get(wanted);
                    long end = consumer.endOffsets(List.of(wanted)).get(wanted);
                    if (offset < first || offset >= end) {
                        throw new UserException(
                                "partition "
                                        + partition
                                        + " of "
                                        + topic
                                        + (first == end
                                                ? " is empty"
                                                : " holds offsets " + first + " to " + (end - 1))
                                        + ", not "
                                        + offset
                                        + ": choose another with --offset");
                    }
                    read(topic, Map.of(wanted, offset), Map.of(wanted, end), sink);
                });
    }

    /**
     * Ends the reading that is under way, or else the next one, with a {@link StoppedException}.
     */
    void stop() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void read(
            String topic,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Predicate<LogRecord> sink) {
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
        long deadline = System.nanoTime() + limit.toNanos();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new UserException(
                        topic
                                + " could not be read to its end in "
                                + limit.toSeconds()
                                + " s: allow more with --timeout");
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                if (record.offset() < ends.get(partition) && !sink.test(toRecord(record))) {
                    return;
                }
            }
        }
    }

    private List<TopicPartition> partitions(String topic) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
            throw new UserException(
                    "the brokers at "
                            + brokers
                            + " have no topic "
                            + topic
                            + ": check --prefix, or create the topics with './sluice topics create'");
        }
        return found.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private void asking(String topic, Runnable work) {
        try {
            work.run();
        } catch (WakeupException | InterruptException e) {
            throw new StoppedException();
        } catch (AuthenticationException | AuthorizationException e) {
            throw new UserException(
                    "the brokers at "
                            + brokers
                            + " refuse "
                            + topic
                            + " ("
                            + KafkaFaults.reason(e, client)
                            + "): check the credentials (--kafka, --kafka-properties), and that they may read",
                    e);
        } catch (TimeoutException e) {
            throw UserException.unreachable(
                    "the brokers at "
                            + brokers
                            + " do not answer: check that they run, that the address is right (--bootstrap), and"
                            + " how they want to be spoken to (--kafka, --kafka-properties)",
                    e);
        } catch (KafkaException e) {
            throw new UserException(topic + " cannot be read: " + KafkaFaults.reason(e, client), e);
        }
    }

    private static LogRecord toRecord(ConsumerRecord<byte[], byte[]> record) {
        return new LogRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
                record.value() == null ? new byte[0] : record.value());
    }

    private static Duration contact(Duration limit) {
        return limit.compareTo(LONGEST_CONTACT) < 0 ? limit : LONGEST_CONTACT;
    }

    private static Properties settings(Properties client, Duration contact) {
        Properties settings = new Properties();
        settings.setProperty(ConsumerConfig.CLIENT_ID_CONFIG, "sluice-inspect");
        settings.setProperty(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(contact.toMillis()));
        settings.setProperty(
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, Long.toString(contact.toMillis()));
        settings.setProperty(
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(16 * 1024 * 1024));
        // A fetch that waits at one topic's end would hold up the first fetch of the next.
        settings.setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "10");
        settings.putAll(client);
        settings.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        settings.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        settings.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.setProperty(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return settings;
    }
}
