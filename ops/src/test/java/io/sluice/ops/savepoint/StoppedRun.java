package io.sluice.ops.savepoint;

import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.ops.bench.JobLoad;
import io.sluice.ops.bench.LoadWriter;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.ops.stack.Topics;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A run whose job is stopped in the middle of a round: the same records at the same offsets each
 * time. Of the round that is open then, half of the signals are here.
 */
final class StoppedRun implements AutoCloseable {

    /** The stored savepoint knows the topics by it. */
    static final String PREFIX = "savepoint.";

    /** The round that is open when the job is stopped. */
    static final long OPEN = 6;

    /** The last round. */
    static final long LAST = 9;

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final JobLoad LOAD = new JobLoad("stopped", 9, 31, 3);

    private final Properties client;
    private final String prefix;
    private final LoadWriter writer;

    StoppedRun(Properties client, String prefix) throws Exception {
        this.client = client;
        this.prefix = prefix;
        Topics.create(client, prefix, 1, (short) 1);
        this.writer = new LoadWriter(client, prefix, LOAD);
    }

    /** Writes what comes before the job is stopped. */
    void writeFirst() throws Exception {
        for (long round = 0; round < OPEN - 1; round++) {
            writer.round(round);
        }
        writer.signals(OPEN - 1, 0, LOAD.recordsPerRound() - 1);
        // Before the statement, so that they are counted when the round before is decided.
        writer.signals(OPEN, 0, LOAD.recordsPerRound() / 2);
        writer.close(OPEN - 1);
    }

    /** Writes the rest of the open round, and the rounds after it through {@code last}. */
    void writeOn(long last) throws Exception {
        writer.signals(OPEN, LOAD.recordsPerRound() / 2, LOAD.recordsPerRound() - 1);
        writer.close(OPEN);
        writeWhole(OPEN + 1, last);
    }

    /** Writes whole rounds. */
    void writeWhole(long first, long last) throws Exception {
        for (long round = first; round <= last; round++) {
            writer.round(round);
        }
    }

    /** Starts the job. */
    EmbeddedJob start(Path folder, int parallelism) throws Exception {
        MixtureOptions options =
                MixtureOptions.of(client.getProperty("bootstrap.servers")).withTopicPrefix(prefix);
        return EmbeddedJob.start(folder, options, parallelism);
    }

    /** All decisions on the topic, once that of {@code round} is among them. */
    List<Decision> decisionsThrough(long round) {
        Contract contract = new Contract();
        List<Decision> decisions = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(Topic.DECISIONS.name(prefix), 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long deadline = System.nanoTime() + LIMIT.toNanos();
            while (decisions.stream().noneMatch(decision -> decision.getRound() == round)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("no decision of round " + round + ": " + decisions);
                }
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    decisions.add((Decision) contract.decode(record.value()));
                }
            }
        }
        return decisions;
    }

    @Override
    public void close() {
        writer.close();
    }
}
