package io.sluice.ops.bench;

import io.sluice.schemas.Contract;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes a made-up run to the topics: its declaration and one attempt first, then rounds. */
public final class LoadWriter implements AutoCloseable {

    private final JobLoad load;
    private final String prefix;
    private final Contract contract = new Contract();
    private final RunSpec spec;
    private final List<ByteBuffer> sketches;
    private final KafkaProducer<byte[], byte[]> producer;
    private final byte[] key;
    private final long attempt;

    /** Writes the declaration and an attempt. */
    public LoadWriter(Properties client, String prefix, JobLoad load)
            throws ExecutionException, InterruptedException {
        this.load = load;
        this.prefix = prefix;
        this.spec = load.declaration();
        this.sketches = load.sketches();
        this.key = load.runId().getBytes(StandardCharsets.UTF_8);
        Properties settings = new Properties();
        settings.putAll(client);
        settings.setProperty("linger.ms", "5");
        settings.setProperty("batch.size", Integer.toString(256 * 1024));
        settings.setProperty("max.request.size", Integer.toString(2 * 1024 * 1024));
        this.producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        send(Topic.RUNS, spec).get();
        this.attempt = send(Topic.RUNS, load.started(spec)).get().offset();
    }

    /** Number of the attempt. */
    long attempt() {
        return attempt;
    }

    /** Writes everything of a round; answers when its last record is acknowledged. */
    public void round(long round) throws ExecutionException, InterruptedException {
        signals(round, 0, load.recordsPerRound() - 1);
        close(round);
    }

    /** Writes those signals of a round whose numbers are from {@code from}, below {@code to}. */
    public void signals(long round, int from, int to) {
        for (int i = from; i < to; i++) {
            ByteBuffer sketch = sketches.get(load.sketchOf(round, i));
            send(Topic.TELEMETRY, load.signal(spec.getDigest(), attempt, round, i, sketch));
        }
    }

    /** Writes the statement that closes a round; answers when it is acknowledged. */
    public void close(long round) throws ExecutionException, InterruptedException {
        send(Topic.TELEMETRY, load.closed(spec.getDigest(), attempt, round)).get();
    }

    /** Writes a record of the run. */
    Future<RecordMetadata> send(Topic topic, SpecificRecord value) {
        return producer.send(
                new ProducerRecord<>(topic.name(prefix), 0, key, contract.encode(value)));
    }

    @Override
    public void close() {
        producer.close();
    }
}
