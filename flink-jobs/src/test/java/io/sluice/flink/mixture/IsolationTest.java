package io.sluice.flink.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Subject;
import io.sluice.core.sketch.BFloat16;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Decision;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RunEnded;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several runs in one job, each decided as if it were alone, to the last bit: at any parallelism,
 * whatever order its records come in, and whatever the others send.
 */
class IsolationTest {

    private static final int ROUNDS = 6;
    private static final int PARTITIONS = 2;
    private static final int SEEDS = 2;

    /** A run: its name, its shards, and who reports. */
    private record Trainer(String run, int shards, List<String> reporters) {

        RunSpec declaration() {
            return TestingRun.digested(TestingRun.declaration().setRunId(run).setShards(shards));
        }
    }

    private static final Trainer PLAIN = new Trainer("plain", 1, List.of("r0"));
    private static final Trainer SHARDED = new Trainer("sharded", 2, List.of("r0", "r1"));
    private static final Trainer POISONOUS = new Trainer("poisonous", 1, List.of("r0"));
    private static final Trainer ENDED = new Trainer("ended", 2, List.of("r0"));
    private static final List<Trainer> ALL = List.of(PLAIN, SHARDED, POISONOUS, ENDED);

    private static final Map<String, List<String>> KNOWN = new TreeMap<>();

    private final TestingRun values = TestingRun.ofShards(1);

    static Stream<Arguments> schedules() {
        return Stream.of(1, 2, 4)
                .flatMap(
                        parallelism ->
                                Stream.iterate(0, seed -> seed + 1)
                                        .limit(SEEDS)
                                        .map(seed -> Arguments.of(parallelism, seed)));
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void everyRunIsDecidedAsIfItWereAlone(int parallelism, int seed) throws Exception {
        Random random = new Random(seed);
        try (ParallelStages job = new ParallelStages(parallelism, random)) {
            for (Trainer trainer : ALL) {
                send(job, trainer, 0, ROUNDS, random, trainer == POISONOUS);
            }
            job.run();
            Map<String, List<String>> together = byRun(job.takeOutputs());

            assertThat(reasons(job.takeRejects(), POISONOUS))
                    .contains(
                            RejectReason.UNDECODABLE,
                            RejectReason.UNKNOWN_SUBJECT,
                            RejectReason.NOT_FINITE);
            for (Trainer trainer : ALL) {
                assertThat(together.get(trainer.run()))
                        .as(trainer.run())
                        .isEqualTo(alone(trainer, ROUNDS))
                        .hasSizeGreaterThan(ROUNDS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void theOthersGoOnWhenOneRunHasEnded(int parallelism, int seed) throws Exception {
        Random random = new Random(seed);
        try (ParallelStages job = new ParallelStages(parallelism, random)) {
            for (Trainer trainer : ALL) {
                send(job, trainer, 0, ROUNDS / 2, random, false);
            }
            job.run();
            RunEnded end =
                    RunEnded.newBuilder()
                            .setRunId(ENDED.run())
                            .setAttempt(attempt(ENDED))
                            .setNextStep(0)
                            .build();
            job.send(0, raw(Topic.RUNS, ENDED, 100, end));
            job.run();
            job.setTime(Duration.ofHours(1).toMillis());
            for (Trainer trainer : ALL) {
                send(job, trainer, ROUNDS / 2, ROUNDS, random, false);
            }
            job.run();
            Map<String, List<String>> together = byRun(job.takeOutputs());

            assertThat(together.get(ENDED.run())).isEqualTo(alone(ENDED, ROUNDS / 2));
            assertThat(reasons(job.takeRejects(), ENDED))
                    .isNotEmpty()
                    .containsOnly(RejectReason.RUN_ENDED);
            for (Trainer trainer : List.of(PLAIN, SHARDED, POISONOUS)) {
                assertThat(together.get(trainer.run()))
                        .as(trainer.run())
                        .isEqualTo(alone(trainer, ROUNDS));
            }
        }
    }

    @Test
    void runsThatMeasuredOtherwiseAreDecidedOtherwise() throws Exception {
        assertThat(alone(PLAIN, ROUNDS))
                .isNotEqualTo(alone(new Trainer("plain", 1, List.of("r0", "r1")), ROUNDS));
    }

    /** What a run is decided by itself, in order, at parallelism 1. */
    private List<String> alone(Trainer trainer, int rounds) throws Exception {
        String name = trainer + " " + rounds;
        if (!KNOWN.containsKey(name)) {
            KNOWN.put(name, decidedAlone(trainer, rounds));
        }
        return KNOWN.get(name);
    }

    private List<String> decidedAlone(Trainer trainer, int rounds) throws Exception {
        try (ParallelStages job = new ParallelStages(1, new Random(0))) {
            for (RawRecord record : opening(trainer)) {
                job.send(0, record);
                job.run();
            }
            for (int round = 0; round < rounds; round++) {
                for (RawRecord record : round(trainer, round)) {
                    job.send(0, record);
                    job.run();
                }
            }
            return byRun(job.takeOutputs()).get(trainer.run());
        }
    }

    /**
     * Sends rounds, two of them shuffled together at a time, with some records twice. A run's
     * declarations stand in one partition and its telemetry in another, which is what keeps order.
     */
    private void send(
            ParallelStages job, Trainer trainer, int from, int to, Random random, boolean poison) {
        int partition = Math.floorMod(trainer.run().hashCode(), PARTITIONS);
        if (from == 0) {
            opening(trainer).forEach(record -> job.send(partition, record));
        }
        for (int round = from; round < to; round += 2) {
            List<RawRecord> records = new ArrayList<>(round(trainer, round));
            if (round + 1 < to) {
                records.addAll(round(trainer, round + 1));
            }
            records.addAll(List.copyOf(records.subList(0, records.size() / 4)));
            if (poison) {
                records.addAll(poison(trainer, round));
            }
            Collections.shuffle(records, random);
            records.forEach(record -> job.send(PARTITIONS + partition, record));
        }
    }

    private static List<RawRecord> opening(Trainer trainer) {
        RunSpec declared = trainer.declaration();
        MixturePlan.Builder prior =
                MixturePlan.newBuilder(TestingRun.ofShards(1).prior())
                        .setRunId(trainer.run())
                        .setSpecDigest(declared.getDigest());
        AttemptStarted started =
                AttemptStarted.newBuilder()
                        .setRunId(trainer.run())
                        .setSpecDigest(declared.getDigest())
                        .setResumeStep(0)
                        .setReporters(trainer.reporters())
                        .setInForce(
                                prior.setDigest(Digests.of(prior.setDigest("").build())).build())
                        .build();
        return List.of(
                raw(Topic.RUNS, trainer, 0, declared),
                raw(Topic.RUNS, trainer, attempt(trainer), started));
    }

    private List<RawRecord> round(Trainer trainer, int round) {
        List<RawRecord> records = new ArrayList<>();
        String digest = trainer.declaration().getDigest();
        for (String reporter : trainer.reporters()) {
            for (Subject subject : TestingRun.SUBJECTS) {
                for (int part = 0; part < 2; part++) {
                    records.add(
                            raw(
                                    Topic.TELEMETRY,
                                    trainer,
                                    records.size(),
                                    signal(trainer, round, subject, reporter, part)));
                }
            }
            records.add(
                    raw(
                            Topic.TELEMETRY,
                            trainer,
                            records.size(),
                            values.closed(attempt(trainer), round, reporter)
                                    .setRunId(trainer.run())
                                    .setSpecDigest(digest)
                                    .build()));
        }
        return records;
    }

    /** A gradient that depends on everything that names the signal. */
    private GroupSignal signal(
            Trainer trainer, int round, Subject subject, String reporter, int part) {
        Random random = new Random((trainer.run() + round + subject + reporter + part).hashCode());
        double along = subject.equals(TestingRun.PT) ? -1 : 1;
        float[] gradient = new float[TestingRun.DIMENSION];
        for (int b = 0; b < gradient.length; b++) {
            gradient[b] = (float) (100 * (along + 0.1 * random.nextGaussian()));
        }
        return values.signal(attempt(trainer), round, subject, reporter, part)
                .setRunId(trainer.run())
                .setSpecDigest(trainer.declaration().getDigest())
                .setSketch(ByteBuffer.wrap(BFloat16.encode(gradient)))
                .build();
    }

    private List<RawRecord> poison(Trainer trainer, int round) {
        GroupSignal good = signal(trainer, round, TestingRun.EN, "r0", 0);
        return List.of(
                TestingRun.raw(Topic.TELEMETRY, 0, trainer.run(), new byte[] {1, 2, 3}),
                raw(
                        Topic.TELEMETRY,
                        trainer,
                        0,
                        GroupSignal.newBuilder(good).setSubject("nobody").build()),
                raw(
                        Topic.TELEMETRY,
                        trainer,
                        0,
                        GroupSignal.newBuilder(good).setLossSum(Double.NaN).build()),
                raw(
                        Topic.TELEMETRY,
                        trainer,
                        0,
                        GroupSignal.newBuilder(good).setRunId(PLAIN.run()).build()));
    }

    /** Other than those of the other runs, as offsets of one topic are. */
    private static long attempt(Trainer trainer) {
        return 1 + ALL.stream().map(Trainer::run).toList().indexOf(trainer.run()) * 7L;
    }

    private static RawRecord raw(Topic topic, Trainer trainer, long offset, SpecificRecord value) {
        return TestingRun.raw(topic, offset, trainer.run(), TestingRun.CONTRACT.encode(value));
    }

    private static List<RejectReason> reasons(List<OutboundRecord> rejects, Trainer trainer) {
        return rejects.stream()
                .filter(record -> record.key().equals(trainer.run()))
                .map(record -> ((Rejected) TestingRun.CONTRACT.decode(record.value())).getReason())
                .filter(reason -> reason != RejectReason.LATE)
                .toList();
    }

    /** Every run's plans and decisions, bit for bit, but for the counts of what came twice. */
    private static Map<String, List<String>> byRun(List<OutboundRecord> outputs) {
        Map<String, List<String>> byRun = new TreeMap<>();
        for (OutboundRecord output : outputs) {
            byte[] bytes = output.value();
            if (TestingRun.CONTRACT.decode(bytes) instanceof Decision decision) {
                bytes =
                        TestingRun.CONTRACT.encode(
                                Decision.newBuilder(decision)
                                        .setDuplicates(0)
                                        .setLate(0)
                                        .setTotalDuplicates(0)
                                        .setTotalLate(0)
                                        .build());
            }
            byRun.computeIfAbsent(output.key(), run -> new ArrayList<>())
                    .add(HexFormat.of().formatHex(bytes));
        }
        return byRun;
    }
}
