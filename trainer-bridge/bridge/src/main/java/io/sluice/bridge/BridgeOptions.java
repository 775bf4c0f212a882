package io.sluice.bridge;

import io.sluice.bridge.pool.PoolOptions;
import io.sluice.core.domain.Ids;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a bridge reaches the log, and how much it holds.
 *
 * @param kafka settings of every Kafka client, with {@code bootstrap.servers}; what the bridge
 *     relies on (acknowledgements, idempotence, serialisers, positions, time limits) it sets itself
 * @param topicPrefix prefix of the topics' names, as {@code sluice.}
 * @param stateFolder folder of the bridge's own store; created when absent, for one bridge at a
 *     time
 * @param reporter names this process in its signals; the only reporter of its attempts
 * @param queueRounds finished rounds that may wait to be sent, at least 1. Too small: a short
 *     outage of the log loses rounds. Too large: memory, up to this many times measured halves
 *     times four bytes a bucket
 * @param leaseSteps most steps that are sealed ahead of the trainer, at least 1; a lease is renewed
 *     when half of it is used. Too small: the trainer overtakes its leases, and writes to the store
 *     itself. Too large: a new plan begins that much later
 * @param drawsPerStep micro-batches of a step over all ranks, at least 1; the same over the whole
 *     run, or draws change
 * @param answerTimeout how long one call waits for the log before it counts as an error
 * @param deliveryTimeout how long a record may be retried before it counts as lost, at least the
 *     answer timeout. Too small: a short outage loses signals. Too large: the queue fills behind
 *     one round
 * @param closeTimeout how long closing may take to send what is on its way
 * @param fallBackSteps after so many steps with one plan the bridge moves towards the prior by a
 *     plan of its own, and again after as many more; 0 holds the last plan for ever. Too small: it
 *     undoes what a slow controller decides
 * @param pool which documents are held for the trainer to draw; empty for a trainer that brings its
 *     data itself. They lie in {@code documents} in the state folder
 */
public record BridgeOptions(
        Map<String, String> kafka,
        String topicPrefix,
        Path stateFolder,
        String reporter,
        int queueRounds,
        int leaseSteps,
        int drawsPerStep,
        Duration answerTimeout,
        Duration deliveryTimeout,
        Duration closeTimeout,
        int fallBackSteps,
        Optional<PoolOptions> pool) {

    private static final Duration LONGEST = Duration.ofHours(1);

    public BridgeOptions {
        kafka = Map.copyOf(kafka);
        if (kafka.getOrDefault("bootstrap.servers", "").isBlank()) {
            throw new IllegalArgumentException(
                    "bootstrap.servers is missing: name at least one broker as host:port");
        }
        Ids.require(reporter, "reporter");
        requireAtLeastOne("queue rounds", queueRounds);
        requireAtLeastOne("lease steps", leaseSteps);
        requireAtLeastOne("draws per step", drawsPerStep);
        if (fallBackSteps < 0) {
            throw new IllegalArgumentException(
                    "steps until the fallback must not be negative: " + fallBackSteps);
        }
        requirePositive("answer timeout", answerTimeout);
        requirePositive("delivery timeout", deliveryTimeout);
        requirePositive("close timeout", closeTimeout);
        if (deliveryTimeout.compareTo(answerTimeout) < 0) {
            throw new IllegalArgumentException(
                    "delivery timeout "
                            + deliveryTimeout
                            + " is shorter than the answer timeout "
                            + answerTimeout);
        }
    }

    /**
     * The defaults: prefix {@code sluice.}, reporter {@code rank-0}, 4 rounds of queue, leases of 5
     * steps, 8 draws a step, 5 s for an answer, 30 s for a delivery, 10 s to close, no fallback, no
     * documents.
     */
    public static BridgeOptions of(String bootstrapServers, Path stateFolder) {
        return new BridgeOptions(
                Map.of("bootstrap.servers", bootstrapServers),
                Topic.DEFAULT_PREFIX,
                stateFolder,
                "rank-0",
                4,
                5,
                8,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                0,
                Optional.empty());
    }

    /** These options with other settings of the Kafka clients. */
    public BridgeOptions withKafka(Map<String, String> value) {
        return new BridgeOptions(
                value,
                topicPrefix,
                stateFolder,
                reporter,
                queueRounds,
                leaseSteps,
                drawsPerStep,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                fallBackSteps,
                pool);
    }

    /** These options with another prefix of the topics. */
    public BridgeOptions withTopicPrefix(String value) {
        return new BridgeOptions(
                kafka,
                value,
                stateFolder,
                reporter,
                queueRounds,
                leaseSteps,
                drawsPerStep,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                fallBackSteps,
                pool);
    }

    /** These options with another name of the reporter. */
    public BridgeOptions withReporter(String value) {
        return new BridgeOptions(
                kafka,
                topicPrefix,
                stateFolder,
                value,
                queueRounds,
                leaseSteps,
                drawsPerStep,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                fallBackSteps,
                pool);
    }

    /** These options with another length of the queue, in rounds. */
    public BridgeOptions withQueueRounds(int value) {
        return new BridgeOptions(
                kafka,
                topicPrefix,
                stateFolder,
                reporter,
                value,
                leaseSteps,
                drawsPerStep,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                fallBackSteps,
                pool);
    }

    /** These options with another length of leases, in steps. */
    public BridgeOptions withLeaseSteps(int value) {
        return new BridgeOptions(
                kafka,
                topicPrefix,
                stateFolder,
                reporter,
                queueRounds,
                value,
                drawsPerStep,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                fallBackSteps,
                pool);
    }

    /** These options with another number of draws a step. */
    public BridgeOptions withDrawsPerStep(int value) {
        return new BridgeOptions(
                kafka,
                topicPrefix,
                stateFolder,
                reporter,
                queueRounds,
                leaseSteps,
                value,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                fallBackSteps,
                pool);
    }

    /** These options with other time limits. */
    public BridgeOptions withTimeouts(Duration answer, Duration delivery, Duration close) {
        return new BridgeOptions(
                kafka,
                topicPrefix,
                stateFolder,
                reporter,
                queueRounds,
                leaseSteps,
                drawsPerStep,
                answer,
                delivery,
                close,
                fallBackSteps,
                pool);
    }

    /** These options with a fallback to the prior after so many steps without a new plan. */
    public BridgeOptions withFallBackSteps(int value) {
        return new BridgeOptions(
                kafka,
                topicPrefix,
                stateFolder,
                reporter,
                queueRounds,
                leaseSteps,
                drawsPerStep,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                value,
                pool);
    }

    /** These options with documents for the trainer to draw. */
    public BridgeOptions withPool(PoolOptions value) {
        return new BridgeOptions(
                kafka,
                topicPrefix,
                stateFolder,
                reporter,
                queueRounds,
                leaseSteps,
                drawsPerStep,
                answerTimeout,
                deliveryTimeout,
                closeTimeout,
                fallBackSteps,
                Optional.of(value));
    }

    /** Kafka settings may hold passwords, so their names are shown only. */
    @Override
    public String toString() {
        return "BridgeOptions[kafka="
                + new TreeSet<>(kafka.keySet())
                + ", topicPrefix="
                + topicPrefix
                + ", stateFolder="
                + stateFolder
                + ", reporter="
                + reporter
                + "]";
    }

    private static void requireAtLeastOne(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, not " + value);
        }
    }

    private static void requirePositive(String what, Duration value) {
        if (value.toMillis() < 1 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    what + " must lie between 1 ms and " + LONGEST + ", not " + value);
        }
    }
}
