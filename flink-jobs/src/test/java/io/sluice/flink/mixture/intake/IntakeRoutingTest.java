package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.RoundReducer;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.Topic;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeRoutingTest {

    private static final int SHARDS = 3;

    private final TestingRun run = TestingRun.ofShards(SHARDS);
    private StageHarness<String, RawRecord, Routed> intake;

    @BeforeEach
    void open() throws Exception {
        intake = IntakeHarness.open();
    }

    @AfterEach
    void close() throws Exception {
        intake.close();
    }

    @Test
    void anAttemptIsAnnouncedToEveryShardWithItsDeclaration() throws Exception {
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        assertThat(intake.takeOutputs()).isEmpty();
        intake.send(raw(Topic.RUNS, 5, run.started(0, "r1", "r0")));

        StageEvent started =
                new StageEvent.Started(
                        run.spec(), run.attempt(5, 0, "r0", "r1"), origin(Topic.RUNS, 5));
        assertThat(intake.takeOutputs())
                .containsExactly(
                        new Routed(0, started), new Routed(1, started), new Routed(2, started));
        assertThat(intake.takeRejects()).isEmpty();
    }

    @Test
    void aGroupsSignalGoesToItsShardWithItsPosition() throws Exception {
        start();
        for (Subject subject : List.of(TestingRun.EN, TestingRun.ES, TestingRun.PT)) {
            GroupSignal signal = run.signal(5, 0, subject, 1).build();
            intake.send(raw(Topic.TELEMETRY, 77, signal));

            int shard = RoundReducer.shardOf(new GroupId(subject.id()), SHARDS);
            assertThat(intake.takeOutputs())
                    .containsExactly(new Routed(shard, signalled(signal, 77)));
        }
    }

    @Test
    void targetsAndClosedRoundsAreCopiedToEveryShard() throws Exception {
        start();
        GroupSignal signal = run.signal(5, 0, TestingRun.TARGET, 0).build();
        RoundClosed closed = run.closed(5, 0, "r0").build();
        intake.send(raw(Topic.TELEMETRY, 1, signal));
        intake.send(raw(Topic.TELEMETRY, 2, closed));

        StageEvent target = signalled(signal, 1);
        StageEvent statement =
                new StageEvent.Closed(
                        FromContract.closed(closed), Optional.of(origin(Topic.TELEMETRY, 2)));
        assertThat(intake.takeOutputs())
                .containsExactly(
                        new Routed(0, target),
                        new Routed(1, target),
                        new Routed(2, target),
                        new Routed(0, statement),
                        new Routed(1, statement),
                        new Routed(2, statement));
    }

    @Test
    void anAnswerGoesOnOnce() throws Exception {
        start();
        PlanAck ack = run.ack(5, run.prior(), AckVerdict.REPEATED, run.prior()).build();
        intake.send(raw(Topic.ACKS, 1, ack));

        assertThat(intake.takeOutputs())
                .containsExactly(
                        new Routed(
                                0,
                                new StageEvent.Acknowledged(
                                        FromContract.ack(ack),
                                        Optional.of(origin(Topic.ACKS, 1)))));
    }

    @Test
    void aSavedCheckpointGoesOnOnce() throws Exception {
        start();
        intake.send(raw(Topic.RUNS, 6, run.saved(5, 40)));

        assertThat(intake.takeOutputs())
                .containsExactly(
                        new Routed(
                                0,
                                new StageEvent.Saved(
                                        TestingRun.RUN,
                                        5,
                                        40,
                                        Optional.of(origin(Topic.RUNS, 6)))));
    }

    @Test
    void aCheckpointOfAnAttemptToComeWaitsForIt() throws Exception {
        intake.send(raw(Topic.RUNS, 6, run.saved(5, 40)));
        assertThat(intake.takeOutputs()).isEmpty();
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        intake.send(raw(Topic.RUNS, 5, run.started(0, "r0")));

        assertThat(intake.takeOutputs())
                .hasSize(SHARDS + 1)
                .endsWith(
                        new Routed(
                                0,
                                new StageEvent.Saved(
                                        TestingRun.RUN,
                                        5,
                                        40,
                                        Optional.of(origin(Topic.RUNS, 6)))));
    }

    @Test
    void anAttemptThatIsReadAgainChangesNothing() throws Exception {
        start();
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        intake.send(raw(Topic.RUNS, 5, run.started(0, "r0")));
        intake.send(raw(Topic.RUNS, 3, run.started(50, "r0")));

        assertThat(intake.takeOutputs()).isEmpty();
        assertThat(intake.takeRejects()).isEmpty();
    }

    @Test
    void aNewAttemptReplacesTheOldOneAndFencesIt() throws Exception {
        start();
        intake.send(raw(Topic.RUNS, 9, run.started(20, "r0")));
        assertThat(intake.takeOutputs()).hasSize(SHARDS);

        RawRecord old = raw(Topic.TELEMETRY, 1, run.signal(5, 2, TestingRun.EN, 0).build());
        intake.send(old);
        intake.send(raw(Topic.TELEMETRY, 2, run.closed(5, 2, "r0").build()));
        intake.send(
                raw(
                        Topic.ACKS,
                        3,
                        run.ack(5, run.prior(), AckVerdict.REPEATED, run.prior()).build()));
        intake.send(raw(Topic.RUNS, 10, run.saved(5, 20)));
        intake.send(raw(Topic.TELEMETRY, 4, run.signal(9, 2, TestingRun.EN, 0).build()));

        assertThat(intake.takeOutputs()).hasSize(1);
        List<Rejected> rejects = intake.takeRejects();
        assertThat(rejects).extracting(Rejected::getReason).containsOnly(RejectReason.FENCED);
        assertThat(rejects).extracting(Rejected::getOffset).containsExactly(1L, 2L, 3L, 10L);
        assertThat(rejects.get(0).getMessage()).isEqualTo("attempt 5 was followed by attempt 9");
        assertThat(rejects.get(0).getOriginal().array()).isEqualTo(old.value());
        assertThat(intake.rejected("fenced")).isEqualTo(4);
    }

    @Test
    void aNewAttemptMayComeWithANewDeclarationAndIsToldToTheShardsOfBoth() throws Exception {
        start();
        TestingRun other = TestingRun.ofShards(1);
        intake.send(raw(Topic.RUNS, 8, other.declared()));
        intake.send(raw(Topic.RUNS, 9, other.started(20, "r0")));

        StageEvent started =
                new StageEvent.Started(
                        other.spec(), other.attempt(9, 20, "r0"), origin(Topic.RUNS, 9));
        assertThat(intake.takeOutputs())
                .containsExactly(
                        new Routed(0, started), new Routed(1, started), new Routed(2, started));
    }

    @Test
    void runsDoNotShowEachOther() throws Exception {
        start();
        io.sluice.schemas.RunSpec other =
                TestingRun.digested(TestingRun.declaration().setRunId("other"));
        intake.send(raw(Topic.RUNS, 6, "other", TestingRun.CONTRACT.encode(other)));
        GroupSignal stray = run.signal(5, 0, TestingRun.EN, 0).setRunId("other").build();
        intake.send(raw(Topic.TELEMETRY, 1, "other", TestingRun.CONTRACT.encode(stray)));
        assertThat(intake.takeOutputs()).isEmpty();

        intake.send(raw(Topic.TELEMETRY, 2, run.signal(5, 0, TestingRun.EN, 0).build()));
        assertThat(intake.takeOutputs()).hasSize(1);
    }

    private void start() throws Exception {
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        intake.send(raw(Topic.RUNS, 5, run.started(0, "r0")));
        assertThat(intake.takeOutputs()).hasSize(SHARDS);
    }

    private static StageEvent signalled(GroupSignal signal, long offset) {
        return new StageEvent.Signalled(
                FromContract.signal(signal), origin(Topic.TELEMETRY, offset));
    }

    private static StageEvent.Origin origin(Topic topic, long offset) {
        return new StageEvent.Origin(TestingRun.OPTIONS.name(topic), 3, offset);
    }
}
