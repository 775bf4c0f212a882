package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanTokens;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RunMode;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntakeRejectsTest {

    private static final TestingRun RUN = TestingRun.ofShards(2);
    private static final String LONG = "x".repeat(200_000);

    private StageHarness<String, RawRecord, Routed> intake;

    /** A record that must be turned away while attempt 5 is in progress. */
    private record Case(String what, RawRecord raw, RejectReason reason, String message) {
        @Override
        public String toString() {
            return what;
        }
    }

    @BeforeEach
    void open() throws Exception {
        intake = IntakeHarness.open();
        intake.send(raw(Topic.RUNS, 4, RUN.declared()));
        intake.send(raw(Topic.RUNS, 5, RUN.started(0, "r0")));
        assertThat(intake.takeOutputs()).hasSize(2);
    }

    @AfterEach
    void close() throws Exception {
        intake.close();
    }

    static Stream<Case> cases() {
        return Stream.of(unreadable(), misplaced(), signals(), declarations(), attempts(), acks())
                .flatMap(cases -> cases);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void whatBreaksARuleIsRejectedWithItsBytesItsPositionAndItsReason(Case broken)
            throws Exception {
        intake.send(broken.raw());

        List<OutboundRecord> turnedAway = intake.takeTurnedAway();
        assertThat(turnedAway).hasSize(1);
        assertThat(turnedAway.get(0).topic()).isEqualTo("sluice.rejects");
        assertThat(turnedAway.get(0).key()).isEqualTo(broken.raw().key());
        Rejected rejected = (Rejected) TestingRun.CONTRACT.decode(turnedAway.get(0).value());
        assertThat(rejected.getReason()).isEqualTo(broken.reason());
        assertThat(rejected.getMessage()).contains(broken.message());
        assertThat(rejected.getTopic()).isEqualTo(broken.raw().topic());
        assertThat(rejected.getPartition()).isEqualTo(broken.raw().partition());
        assertThat(rejected.getOffset()).isEqualTo(broken.raw().offset());
        byte[] value = broken.raw().value();
        assertThat(rejected.getOriginal())
                .isEqualTo(ByteBuffer.wrap(value, 0, Math.min(value.length, 64 * 1024)));
        assertThat(intake.rejected(broken.reason().name().toLowerCase(Locale.ROOT))).isEqualTo(1);
        assertThat(intake.takeOutputs()).isEmpty();
    }

    @Test
    void aRejectNeverHindersWhatFollows() throws Exception {
        for (Case broken : cases().toList()) {
            intake.send(broken.raw());
        }
        intake.send(raw(Topic.TELEMETRY, 1, RUN.signal(5, 0, TestingRun.EN, 0).build()));

        assertThat(intake.takeOutputs()).hasSize(1);
    }

    @Test
    void theLargestRunWhoseDecisionsFitInARecordIsAccepted() throws Exception {
        intake.send(raw(Topic.RUNS, 6, large(3)));
        assertThat(intake.takeRejects()).isEmpty();

        intake.send(raw(Topic.RUNS, 7, large(4)));
        List<Rejected> rejects = intake.takeRejects();
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.INVALID_SPEC);
        assertThat(rejects.get(0).getMessage())
                .contains("decisions of 10000 groups and 4 targets")
                .contains("declare fewer groups or fewer targets");
    }

    private static Stream<Case> unreadable() {
        byte[] unknown = TestingRun.CONTRACT.encode(RUN.declared());
        unknown[5] ^= 1;
        byte[] cut = TestingRun.CONTRACT.encode(RUN.declared());
        cut = Arrays.copyOf(cut, cut.length - 1);
        byte[] large =
                Arrays.copyOf(TestingRun.CONTRACT.encode(RUN.declared()), Contract.LARGE + 1);
        return Stream.of(
                new Case("no bytes", bytes(new byte[0]), RejectReason.UNDECODABLE, "not an Avro"),
                new Case("text", bytes("{}".getBytes()), RejectReason.UNDECODABLE, "not an Avro"),
                new Case(
                        "a newer schema",
                        bytes(unknown),
                        RejectReason.UNDECODABLE,
                        "upgrade the reader first"),
                new Case("half a record", bytes(cut), RejectReason.UNDECODABLE, "not readable"),
                new Case("too many bytes", bytes(large), RejectReason.TOO_LARGE, "at most"));
    }

    private static Stream<Case> misplaced() {
        GroupSignal signal = RUN.signal(5, 0, TestingRun.EN, 0).build();
        byte[] encoded = TestingRun.CONTRACT.encode(signal);
        return Stream.of(
                new Case(
                        "a signal among runs",
                        raw(Topic.RUNS, 1, signal),
                        RejectReason.WRONG_TOPIC,
                        "it belongs on sluice.telemetry, not on sluice.runs"),
                new Case(
                        "a closed round among answers",
                        raw(Topic.ACKS, 1, RUN.closed(5, 0, "r0").build()),
                        RejectReason.WRONG_TOPIC,
                        "it belongs on sluice.telemetry"),
                new Case(
                        "a declaration among signals",
                        raw(Topic.TELEMETRY, 1, RUN.declared()),
                        RejectReason.WRONG_TOPIC,
                        "it belongs on sluice.runs"),
                new Case(
                        "an attempt among signals",
                        raw(Topic.TELEMETRY, 1, RUN.started(0, "r0")),
                        RejectReason.WRONG_TOPIC,
                        "it belongs on sluice.runs"),
                new Case(
                        "an answer among signals",
                        raw(Topic.TELEMETRY, 1, ack(RUN.prior())),
                        RejectReason.WRONG_TOPIC,
                        "it belongs on sluice.acks"),
                new Case(
                        "a plan",
                        raw(Topic.TELEMETRY, 1, RUN.prior()),
                        RejectReason.WRONG_TOPIC,
                        "MixturePlan does not belong on sluice.telemetry"),
                new Case(
                        "another run's key",
                        raw(Topic.TELEMETRY, 1, "other", encoded),
                        RejectReason.UNKNOWN_RUN,
                        "its key names run 'other', itself run 'run'"),
                new Case(
                        "no key",
                        raw(Topic.TELEMETRY, 1, "", encoded),
                        RejectReason.UNKNOWN_RUN,
                        "its key names run ''"),
                new Case(
                        "a run id of 200,000 characters",
                        telemetry(RUN.signal(5, 0, TestingRun.EN, 0).setRunId(LONG)),
                        RejectReason.UNKNOWN_RUN,
                        "... (cut)"));
    }

    private static Stream<Case> signals() {
        return Stream.of(
                signal(
                        "another declaration's signal",
                        RUN.signal(5, 0, TestingRun.EN, 0).setSpecDigest("other"),
                        RejectReason.INVALID_SPEC,
                        "it was measured under declaration other"),
                signal(
                        "a digest of 200,000 characters",
                        RUN.signal(5, 0, TestingRun.EN, 0).setSpecDigest(LONG),
                        RejectReason.INVALID_SPEC,
                        "... (cut)"),
                new Case(
                        "another declaration's closed round",
                        raw(
                                Topic.TELEMETRY,
                                1,
                                RUN.closed(5, 0, "r0").setSpecDigest("other").build()),
                        RejectReason.INVALID_SPEC,
                        "it was measured under declaration other"),
                signal(
                        "a group that was not declared",
                        RUN.signal(5, 0, TestingRun.EN, 0).setSubject("fr"),
                        RejectReason.UNKNOWN_SUBJECT,
                        "run run has no group fr"),
                signal(
                        "a group without a name",
                        RUN.signal(5, 0, TestingRun.EN, 0).setSubject(""),
                        RejectReason.OUT_OF_RANGE,
                        "is not an identifier"),
                signal(
                        "a kind of a newer writer",
                        RUN.signal(5, 0, TestingRun.EN, 0).setKind(SubjectKind.UNKNOWN),
                        RejectReason.OUT_OF_RANGE,
                        "UNKNOWN is no Kind that this build knows: upgrade the job"),
                signal(
                        "an unknown reporter",
                        RUN.signal(5, 0, TestingRun.EN, 0).setReporter("r9"),
                        RejectReason.UNKNOWN_REPORTER,
                        "attempt 5 has no reporter 'r9'"),
                signal(
                        "a reporter of 200,000 characters",
                        RUN.signal(5, 0, TestingRun.EN, 0).setReporter(LONG),
                        RejectReason.UNKNOWN_REPORTER,
                        "... (cut)"),
                signal(
                        "a third half",
                        RUN.signal(5, 0, TestingRun.EN, 2),
                        RejectReason.OUT_OF_RANGE,
                        "part 2"),
                signal(
                        "an infinite loss",
                        RUN.signal(5, 0, TestingRun.EN, 0).setLossSum(Double.POSITIVE_INFINITY),
                        RejectReason.NOT_FINITE,
                        "loss sums Infinity"),
                signal(
                        "negative tokens",
                        RUN.signal(5, 0, TestingRun.EN, 0).setTokens(-1),
                        RejectReason.OUT_OF_RANGE,
                        "-1 tokens"),
                signal(
                        "tokens that no plan drew",
                        RUN.signal(5, 0, TestingRun.EN, 0)
                                .setPlans(List.of(new PlanTokens(0L, 99L))),
                        RejectReason.OUT_OF_RANGE,
                        "plans drew 99 of 100 tokens"),
                signal(
                        "another round's steps",
                        RUN.signal(5, 0, TestingRun.EN, 0).setThroughStep(10),
                        RejectReason.WRONG_STEPS,
                        "steps 0 to 10 do not lie in round 0"),
                signal(
                        "another sketch",
                        RUN.signal(5, 0, TestingRun.EN, 0).setSketch(ByteBuffer.wrap(new byte[30])),
                        RejectReason.WRONG_SKETCH,
                        "30 bytes are not a sketch of dimension 16"));
    }

    private static Stream<Case> declarations() {
        return Stream.of(
                declaration(
                        "a digest that is another's",
                        RUN.declared().getDigest(),
                        TestingRun.declaration().setSeed(99),
                        "its digest is "),
                declaration(
                        "an unknown policy",
                        TestingRun.declaration().setPolicy("alchemy"),
                        "no policy is called 'alchemy': choose one of "),
                declaration(
                        "an unknown option",
                        TestingRun.declaration().setPolicyOptions(Map.of("eat", 1.0)),
                        "policy dga has no option 'eat'"),
                declaration(
                        "a policy without what it needs",
                        TestingRun.declaration().setTargets(List.of()),
                        "declare a target, or choose another policy"),
                declaration(
                        "an impossible bound",
                        TestingRun.declaration().setMaxKl(Double.NaN),
                        "largest change NaN"),
                declaration(
                        "a mode of a newer writer",
                        TestingRun.declaration().setMode(RunMode.UNKNOWN),
                        "UNKNOWN is no Mode that this build knows"),
                declaration(
                        "too many shards",
                        TestingRun.declaration().setShards(1_025),
                        "shards 1025 is not in [1, 1024]"));
    }

    private static Stream<Case> attempts() {
        AttemptStarted started = RUN.started(0, "r0");
        return Stream.of(
                attempt(
                        "an attempt without a declaration",
                        AttemptStarted.newBuilder(started).setSpecDigest("other"),
                        "no declaration with digest other precedes it"),
                attempt(
                        "an attempt without reporters",
                        AttemptStarted.newBuilder(started).setReporters(List.of()),
                        "an attempt has 1 to 4096 reporters, not 0"),
                attempt(
                        "a reporter's name of 200,000 characters",
                        AttemptStarted.newBuilder(started).setReporters(List.of("r0", LONG)),
                        "... (cut)"),
                attempt(
                        "a negative step",
                        AttemptStarted.newBuilder(started).setResumeStep(-1),
                        "resume step -1 is negative"),
                attempt(
                        "an attempt on other groups",
                        AttemptStarted.newBuilder(started).setInForce(otherGroups()),
                        "its mixture does not have the run's groups"),
                attempt(
                        "an attempt without a mixture",
                        AttemptStarted.newBuilder(started)
                                .setInForce(
                                        MixturePlan.newBuilder(RUN.prior())
                                                .setWeights(List.of())
                                                .build()),
                        "0 groups and 0 weights"),
                attempt(
                        "a plan's digest of 200,000 characters",
                        AttemptStarted.newBuilder(started)
                                .setInForce(
                                        MixturePlan.newBuilder(RUN.prior())
                                                .setDigest(LONG)
                                                .build()),
                        "the plan digest has 200000 characters; at most 128 are allowed"));
    }

    private static Stream<Case> acks() {
        MixturePlan skewed =
                MixturePlan.newBuilder(RUN.prior())
                        .setWeights(List.of(new GroupWeight("en", 0.5), new GroupWeight("es", 0.4)))
                        .build();
        return Stream.of(
                new Case(
                        "an answer with another run's mixture",
                        raw(Topic.ACKS, 1, ack(otherGroups())),
                        RejectReason.OUT_OF_RANGE,
                        "its mixture does not have the run's groups"),
                new Case(
                        "an answer with half a mixture",
                        raw(Topic.ACKS, 1, ack(skewed)),
                        RejectReason.OUT_OF_RANGE,
                        "weights sum to 0.9, not to 1"),
                new Case(
                        "a checkpoint from before the attempt",
                        raw(Topic.RUNS, 6, RUN.saved(5, -1)),
                        RejectReason.OUT_OF_RANGE,
                        "its step -1 comes before the attempt's first step 0"),
                new Case(
                        "a verdict of a newer writer",
                        raw(
                                Topic.ACKS,
                                1,
                                RUN.ack(5, RUN.prior(), AckVerdict.UNKNOWN, RUN.prior()).build()),
                        RejectReason.OUT_OF_RANGE,
                        "UNKNOWN is no Verdict"),
                new Case(
                        "an offered digest of 200,000 characters",
                        raw(
                                Topic.ACKS,
                                1,
                                RUN.ack(5, RUN.prior(), AckVerdict.ACCEPTED, RUN.prior())
                                        .setOfferedDigest(LONG)
                                        .build()),
                        RejectReason.OUT_OF_RANGE,
                        "the offered digest has 200000 characters"));
    }

    private static Case signal(
            String what, GroupSignal.Builder signal, RejectReason reason, String message) {
        return new Case(what, telemetry(signal), reason, message);
    }

    private static Case declaration(
            String what, io.sluice.schemas.RunSpec.Builder spec, String message) {
        return declaration(what, TestingRun.digested(spec).getDigest(), spec, message);
    }

    private static Case declaration(
            String what, String digest, io.sluice.schemas.RunSpec.Builder spec, String message) {
        return new Case(
                what,
                raw(Topic.RUNS, 6, spec.setDigest(digest).build()),
                RejectReason.INVALID_SPEC,
                message);
    }

    private static Case attempt(String what, AttemptStarted.Builder attempt, String message) {
        return new Case(
                what, raw(Topic.RUNS, 6, attempt.build()), RejectReason.INVALID_SPEC, message);
    }

    private static RawRecord telemetry(GroupSignal.Builder signal) {
        return raw(Topic.TELEMETRY, 1, signal.build());
    }

    private static RawRecord bytes(byte[] value) {
        return raw(Topic.TELEMETRY, 1, TestingRun.RUN, value);
    }

    private static SpecificRecord ack(MixturePlan inForce) {
        return RUN.ack(5, RUN.prior(), AckVerdict.WRONG_BASE, inForce).build();
    }

    private static MixturePlan otherGroups() {
        return MixturePlan.newBuilder(RUN.prior())
                .setWeights(List.of(new GroupWeight("en", 1.0)))
                .build();
    }

    private static io.sluice.schemas.RunSpec large(int targets) {
        return TestingRun.digested(
                TestingRun.declaration()
                        .setGroups(
                                IntStream.range(0, 10_000)
                                        .mapToObj(
                                                j ->
                                                        GroupDeclaration.newBuilder()
                                                                .setId("g" + j)
                                                                .setPrior(1e-4)
                                                                .build())
                                        .toList())
                        .setTargets(
                                IntStream.range(0, targets)
                                        .mapToObj(
                                                i ->
                                                        TargetDeclaration.newBuilder()
                                                                .setId("t" + i)
                                                                .setWeight(1.0 / targets)
                                                                .build())
                                        .toList()));
    }
}
