package io.sluice.flink.mixture;

import io.sluice.flink.candidate.TestingTopicLog;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.flink.mixture.decision.DecisionFunction;
import io.sluice.flink.mixture.intake.IntakeFunction;
import io.sluice.flink.mixture.rounds.RoundsOperator;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;

/**
 * The job's three stages, each so many times, joined by channels that keep their own order and are
 * read in any interleaving: what Flink and Kafka allow, and no more.
 */
final class ParallelStages implements AutoCloseable {

    private record Channel(int stage, int from, int to) {}

    @FunctionalInterface
    private interface Delivery {
        void run() throws Exception;
    }

    private final int parallelism;
    private final Random random;
    private final List<StageHarness<String, RawRecord, Routed>> intakes = new ArrayList<>();
    private final List<StageHarness<Tuple2<String, Integer>, Routed, StageEvent>> rounds =
            new ArrayList<>();
    private final List<StageHarness<String, StageEvent, OutboundRecord>> decisions =
            new ArrayList<>();
    private final Map<Channel, Deque<Delivery>> channels = new LinkedHashMap<>();
    private final List<OutboundRecord> outputs = new ArrayList<>();
    private final List<OutboundRecord> rejects = new ArrayList<>();

    ParallelStages(int parallelism, Random random) throws Exception {
        this(parallelism, random, TestingRun.OPTIONS);
    }

    ParallelStages(int parallelism, Random random, MixtureOptions options) throws Exception {
        this.parallelism = parallelism;
        this.random = random;
        for (int i = 0; i < parallelism; i++) {
            intakes.add(
                    new StageHarness<>(
                            () -> new IntakeFunction(options),
                            new HashMapStateBackend(),
                            RawRecord::key,
                            Types.STRING,
                            RawRecordLayout.INSTANCE,
                            RoutedLayout.INSTANCE));
            rounds.add(
                    new StageHarness<>(
                            new HashMapStateBackend(),
                            () -> new RoundsOperator(options),
                            routed -> Tuple2.of(routed.event().runId(), routed.shard()),
                            Types.TUPLE(Types.STRING, Types.INT),
                            RoutedLayout.INSTANCE,
                            StageEventLayout.INSTANCE));
            decisions.add(
                    new StageHarness<>(
                            () ->
                                    new DecisionFunction(
                                            options,
                                            controller -> 1,
                                            new TestingTopicLog(),
                                            new TestingTopicLog()),
                            new HashMapStateBackend(),
                            StageEvent::runId,
                            Types.STRING,
                            StageEventLayout.INSTANCE,
                            OutboundRecordLayout.INSTANCE));
        }
    }

    /** Puts a record behind those of its partition; nothing is delivered yet. */
    void send(int partition, RawRecord record) {
        int to = place(record.key());
        put(
                new Channel(0, partition, to),
                () -> {
                    intakes.get(to).send(record);
                    for (Routed routed : intakes.get(to).takeOutputs()) {
                        route(to, routed);
                    }
                    rejects.addAll(intakes.get(to).takeTurnedAway());
                });
    }

    /** Delivers until nothing is under way. */
    void run() throws Exception {
        while (!channels.isEmpty()) {
            List<Channel> open = List.copyOf(channels.keySet());
            Channel next = open.get(random.nextInt(open.size()));
            Deque<Delivery> waiting = channels.get(next);
            Delivery delivery = waiting.remove();
            if (waiting.isEmpty()) {
                channels.remove(next);
            }
            delivery.run();
        }
    }

    /** Sets the processing time of every intake, and delivers what comes of it. */
    void setTime(long millis) throws Exception {
        for (int i = 0; i < parallelism; i++) {
            intakes.get(i).setTime(millis);
            for (Routed routed : intakes.get(i).takeOutputs()) {
                route(i, routed);
            }
        }
        run();
    }

    /** Plans and decisions since the last call. */
    List<OutboundRecord> takeOutputs() {
        List<OutboundRecord> taken = List.copyOf(outputs);
        outputs.clear();
        return taken;
    }

    /** What was turned away since the last call. */
    List<OutboundRecord> takeRejects() {
        List<OutboundRecord> taken = List.copyOf(rejects);
        rejects.clear();
        return taken;
    }

    @Override
    public void close() throws Exception {
        for (int i = 0; i < parallelism; i++) {
            intakes.get(i).close();
            rounds.get(i).close();
            decisions.get(i).close();
        }
    }

    private void route(int from, Routed routed) {
        int to = place(routed.event().runId() + routed.shard());
        put(
                new Channel(1, from, to),
                () -> {
                    rounds.get(to).send(routed);
                    for (StageEvent event : rounds.get(to).takeOutputs()) {
                        decide(to, event);
                    }
                    rejects.addAll(rounds.get(to).takeTurnedAway());
                });
    }

    private void decide(int from, StageEvent event) {
        int to = place(event.runId());
        put(
                new Channel(2, from, to),
                () -> {
                    decisions.get(to).send(event);
                    outputs.addAll(decisions.get(to).takeOutputs());
                    rejects.addAll(decisions.get(to).takeTurnedAway());
                });
    }

    private void put(Channel channel, Delivery delivery) {
        channels.computeIfAbsent(channel, c -> new ArrayDeque<>()).add(delivery);
    }

    private int place(String key) {
        return Math.floorMod(key.hashCode(), parallelism);
    }
}
