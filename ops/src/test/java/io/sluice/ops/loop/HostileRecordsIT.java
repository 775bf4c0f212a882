package io.sluice.ops.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.stack.LocalStack;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What no honest bridge sends, on a real broker: it is rejected with its reason, and the run goes
 * on.
 */
@ExtendWith(StackExtension.class)
final class HostileRecordsIT {

    private static final String RUN = "hostile-run";
    private static final int DIMENSION = 16;

    private final Contract contract = new Contract();

    @Test
    void badRecordsAreRejectedAndTheRunGoesOn(LocalStack stack) throws Exception {
        RunSpec spec = spec();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        stack.client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            send(producer, Topic.RUNS, RUN, spec);
            long attempt = send(producer, Topic.RUNS, RUN, attempt(spec)).get().offset();
            GroupSignal good = signal(spec, attempt, "a", 0);

            send(
                    producer,
                    Topic.TELEMETRY,
                    RUN,
                    "not avro at all".getBytes(StandardCharsets.UTF_8));
            send(producer, Topic.TELEMETRY, RUN, Arrays.copyOf(contract.encode(good), 40));
            send(producer, Topic.TELEMETRY, RUN, oversized(good));
            send(producer, Topic.RUNS, RUN, good);
            send(producer, Topic.TELEMETRY, "another-run", good);
            send(producer, Topic.TELEMETRY, RUN, copy(good).setLossSum(Double.NaN).build());
            send(
                    producer,
                    Topic.TELEMETRY,
                    RUN,
                    copy(good).setSketch(sketch((byte) 0x80, (byte) 0x7f)).build());
            send(
                    producer,
                    Topic.TELEMETRY,
                    RUN,
                    copy(good).setSketch(ByteBuffer.wrap(new byte[3])).build());
            send(producer, Topic.TELEMETRY, RUN, copy(good).setTokens(-5).build());
            send(
                    producer,
                    Topic.TELEMETRY,
                    RUN,
                    copy(good).setSubject("nobody-declared-me").build());
            send(producer, Topic.TELEMETRY, RUN, copy(good).setReporter("stranger").build());
            send(
                    producer,
                    Topic.TELEMETRY,
                    RUN,
                    copy(good).setFromStep(70).setThroughStep(75).build());
            send(producer, Topic.TELEMETRY, RUN, copy(good).setAttempt(attempt - 1).build());
            send(producer, Topic.TELEMETRY, RUN, copy(good).setKind(SubjectKind.UNKNOWN).build());

            sendRound(producer, spec, attempt);
            // Twice the same, and then once more after the round is over.
            List<Decision> decisions =
                    TopicReader.read(
                            stack.client(),
                            Topic.DECISIONS,
                            Decision.class,
                            d -> of(d).size() >= 1);
            send(producer, Topic.TELEMETRY, RUN, good).get();

            List<Rejected> rejects =
                    TopicReader.read(
                            stack.client(),
                            Topic.REJECTS,
                            Rejected.class,
                            found ->
                                    found.stream()
                                            .anyMatch(r -> r.getReason() == RejectReason.LATE));
            assertThat(rejects.stream().map(Rejected::getReason))
                    .contains(
                            RejectReason.UNDECODABLE,
                            RejectReason.TOO_LARGE,
                            RejectReason.WRONG_TOPIC,
                            RejectReason.UNKNOWN_RUN,
                            RejectReason.NOT_FINITE,
                            RejectReason.WRONG_SKETCH,
                            RejectReason.OUT_OF_RANGE,
                            RejectReason.UNKNOWN_SUBJECT,
                            RejectReason.UNKNOWN_REPORTER,
                            RejectReason.WRONG_STEPS,
                            RejectReason.FENCED,
                            RejectReason.LATE);
            Decision first = of(decisions).get(0);
            assertThat(first.getHold()).isEqualTo(HoldReason.NONE);
            assertThat(first.getAccepted()).isEqualTo(6);
            assertThat(first.getDuplicates()).isEqualTo(1);
            assertThat(stack.jobFailure()).isEmpty();
        }
    }

    private static List<Decision> of(List<Decision> decisions) {
        return decisions.stream().filter(decision -> decision.getRunId().equals(RUN)).toList();
    }

    private void sendRound(KafkaProducer<byte[], byte[]> producer, RunSpec spec, long attempt) {
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            send(producer, Topic.TELEMETRY, RUN, signal(spec, attempt, "a", part));
            send(producer, Topic.TELEMETRY, RUN, signal(spec, attempt, "b", part));
            send(producer, Topic.TELEMETRY, RUN, target(spec, attempt, part));
            outcomes.add(
                    new SubjectOutcome(SubjectKind.GROUP, 0, part, SignalOutcome.ACKNOWLEDGED));
            outcomes.add(
                    new SubjectOutcome(SubjectKind.GROUP, 1, part, SignalOutcome.ACKNOWLEDGED));
            outcomes.add(
                    new SubjectOutcome(SubjectKind.TARGET, 0, part, SignalOutcome.ACKNOWLEDGED));
        }
        send(producer, Topic.TELEMETRY, RUN, signal(spec, attempt, "a", 0));
        send(
                producer,
                Topic.TELEMETRY,
                RUN,
                RoundClosed.newBuilder()
                        .setRunId(RUN)
                        .setSpecDigest(spec.getDigest())
                        .setAttempt(attempt)
                        .setRound(0)
                        .setReporter("rank-0")
                        .setFromStep(0)
                        .setThroughStep(9)
                        .setOutcomes(outcomes)
                        .build());
    }

    private static RunSpec spec() {
        RunSpec spec =
                RunSpec.newBuilder()
                        .setRunId(RUN)
                        .setGroups(
                                List.of(
                                        new GroupDeclaration("a", 0.5, 0.05, 1.0, 0L, 0.0, false),
                                        new GroupDeclaration("b", 0.5, 0.05, 1.0, 0L, 0.0, false)))
                        .setTargets(List.of(new TargetDeclaration("t", 1.0, 0.0)))
                        .setPolicy("dga")
                        .setRoundSteps(10)
                        .setSketchDimension(DIMENSION)
                        .setMinGroupSequences(2)
                        .setMinTargetSequences(2)
                        .build();
        return RunSpec.newBuilder(spec).setDigest(Digests.of(spec)).build();
    }

    private static AttemptStarted attempt(RunSpec spec) {
        MixturePlan prior =
                MixturePlan.newBuilder()
                        .setRunId(RUN)
                        .setSpecDigest(spec.getDigest())
                        .setWeights(List.of(new GroupWeight("a", 0.5), new GroupWeight("b", 0.5)))
                        .setLabel(PlanLabel.PRIOR)
                        .build();
        return AttemptStarted.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(spec.getDigest())
                .setReporters(List.of("rank-0"))
                .setInForce(MixturePlan.newBuilder(prior).setDigest(Digests.of(prior)).build())
                .build();
    }

    private static GroupSignal signal(RunSpec spec, long attempt, String group, int part) {
        return base(spec, attempt, part)
                .setKind(SubjectKind.GROUP)
                .setSubject(group)
                .setPlans(List.of(new PlanTokens(0L, 64L)))
                // Group a points where the target points, group b away from it: bfloat16 1 and -1.
                .setSketch(sketch((byte) 0x80, (byte) (group.equals("a") ? 0x3f : 0xbf)))
                .build();
    }

    private static GroupSignal target(RunSpec spec, long attempt, int part) {
        return base(spec, attempt, part)
                .setKind(SubjectKind.TARGET)
                .setSubject("t")
                .setSketch(sketch((byte) 0x80, (byte) 0x3f))
                .build();
    }

    private static GroupSignal.Builder base(RunSpec spec, long attempt, int part) {
        return GroupSignal.newBuilder()
                .setRunId(RUN)
                .setSpecDigest(spec.getDigest())
                .setAttempt(attempt)
                .setRound(0)
                .setReporter("rank-0")
                .setPart(part)
                .setFromStep(0)
                .setThroughStep(9)
                .setTokens(64)
                .setSequences(4)
                .setLossSum(128)
                .setLossSquareSum(300);
    }

    private static ByteBuffer sketch(byte low, byte high) {
        byte[] bytes = new byte[2 * DIMENSION];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = low;
            bytes[i + 1] = high;
        }
        return ByteBuffer.wrap(bytes);
    }

    private byte[] oversized(GroupSignal good) {
        return Arrays.copyOf(contract.encode(good), Contract.SMALL + 1);
    }

    private static GroupSignal.Builder copy(GroupSignal signal) {
        return GroupSignal.newBuilder(signal);
    }

    private Future<RecordMetadata> send(
            KafkaProducer<byte[], byte[]> producer, Topic topic, String key, SpecificRecord value) {
        return send(producer, topic, key, contract.encode(value));
    }

    private static Future<RecordMetadata> send(
            KafkaProducer<byte[], byte[]> producer, Topic topic, String key, byte[] value) {
        return producer.send(
                new ProducerRecord<>(
                        topic.name(Topic.DEFAULT_PREFIX),
                        key.getBytes(StandardCharsets.UTF_8),
                        value));
    }
}
