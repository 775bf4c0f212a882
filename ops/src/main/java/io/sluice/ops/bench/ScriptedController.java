package io.sluice.ops.bench;

import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes a new random plan every now and then, by compare-and-set on what attempts and answers
 * say is in force. Some plans are to hold at once, some later, and in some a group has no weight.
 */
final class ScriptedController implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long PERIOD_NANOS = 200_000_000L;
    private static final int AHEAD_STEPS = 2_000;

    private final Properties client;
    private final LongSupplier step;
    private final SplittableRandom random;
    private final Contract contract = new Contract();
    private final Thread thread = new Thread(this::run, "sluice-bench-controller");
    private volatile boolean closing;
    private volatile Optional<RuntimeException> failure = Optional.empty();

    private long attempt = -1;
    private MixturePlan inForce;

    /**
     * @param step the step that the trainer takes now, or a little before it
     */
    ScriptedController(Properties client, long seed, LongSupplier step) {
        this.client = client;
        this.step = step;
        this.random = new SplittableRandom(seed);
        thread.setDaemon(true);
        thread.start();
    }

    /** Publishes no more. */
    @Override
    public void close() throws InterruptedException {
        closing = true;
        thread.join();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer = TopicContent.consumer(client);
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                client, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<TopicPartition> partitions = List.of(partition(Topic.RUNS), partition(Topic.ACKS));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long published = System.nanoTime();
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(contract.decode(record.value()), record.offset());
                }
                if (attempt >= 0 && System.nanoTime() - published >= PERIOD_NANOS) {
                    published = System.nanoTime();
                    byte[] key = inForce.getRunId().getBytes(StandardCharsets.UTF_8);
                    byte[] value = contract.encode(next());
                    producer.send(
                            new ProducerRecord<>(
                                    Topic.PLANS.name(Topic.DEFAULT_PREFIX), 0, key, value));
                }
            }
        } catch (RuntimeException e) {
            failure = Optional.of(e);
        }
    }

    private void take(SpecificRecord record, long offset) {
        if (record instanceof AttemptStarted started && offset > attempt) {
            attempt = offset;
            inForce = started.getInForce();
        } else if (record instanceof PlanAck ack && ack.getAttempt() == attempt) {
            inForce = ack.getInForce();
        }
    }

    private MixturePlan next() {
        MixturePlan plan =
                MixturePlan.newBuilder(inForce)
                        .setAttempt(attempt)
                        .setEpoch(0)
                        .setRound(-1)
                        .setVersion(inForce.getVersion() + 1)
                        .setReplaces(inForce.getDigest())
                        .setEffectiveStep(
                                random.nextBoolean()
                                        ? 0
                                        : step.getAsLong() + random.nextInt(AHEAD_STEPS))
                        .setWeights(weights(inForce.getWeights()))
                        .setLabel(PlanLabel.POLICY)
                        .build();
        return MixturePlan.newBuilder(plan).setDigest(Digests.of(plan)).build();
    }

    private List<GroupWeight> weights(List<GroupWeight> before) {
        double[] shares = new double[before.size()];
        double sum = 0;
        for (int j = 0; j < shares.length; j++) {
            shares[j] = random.nextInt(8) == 0 ? 0 : -Math.log(1 - random.nextDouble());
            sum += shares[j];
        }
        List<GroupWeight> weights = new ArrayList<>();
        for (int j = 0; j < shares.length; j++) {
            double share = sum > 0 ? shares[j] / sum : 1.0 / shares.length;
            weights.add(GroupWeight.newBuilder(before.get(j)).setWeight(share).build());
        }
        return weights;
    }

    private static TopicPartition partition(Topic topic) {
        return new TopicPartition(topic.name(Topic.DEFAULT_PREFIX), 0);
    }
}
