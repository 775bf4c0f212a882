package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeEndTest {

    private static final long HOLD = TestingRun.OPTIONS.holdTime().toMillis() * 9 / 8;
    private static final long MARK = RunLife.MARK_TIME.toMillis();
    private static final long IDLE = TestingRun.OPTIONS.idleTime().toMillis();

    private final TestingRun run = TestingRun.ofShards(2);
    private StageHarness<String, RawRecord, Routed> intake;

    @BeforeEach
    void open() throws Exception {
        intake = IntakeHarness.open();
        intake.send(raw(Topic.RUNS, 0, run.declared()));
        intake.send(raw(Topic.RUNS, 1, run.started(0, "r0")));
        intake.takeOutputs();
    }

    @AfterEach
    void close() throws Exception {
        intake.close();
    }

    @Test
    void theLastSignalsOfAnEndedRunStillCount() throws Exception {
        intake.send(raw(Topic.RUNS, 2, run.ended(1)));
        intake.send(raw(Topic.TELEMETRY, 7, run.signal(1, 0, TestingRun.EN, 0).build()));

        assertThat(intake.takeOutputs())
                .extracting(routed -> (Object) routed.event().getClass())
                .containsExactly(StageEvent.Signalled.class);
        assertThat(intake.takeRejects()).isEmpty();
    }

    @Test
    void everyShardIsToldOfTheEndAndNothingIsLeftButAMark() throws Exception {
        intake.send(raw(Topic.RUNS, 2, run.ended(1)));
        intake.setTime(HOLD);

        assertThat(intake.takeOutputs())
                .extracting(Routed::event)
                .containsExactly(
                        new StageEvent.Ended(TestingRun.RUN, 1),
                        new StageEvent.Ended(TestingRun.RUN, 1));
        // Which attempt it was, and until when that is to be known.
        assertThat(intake.stored()).isEqualTo(2);

        intake.setTime(HOLD + MARK);
        assertThat(intake.stored()).isZero();
        intake.setTime(HOLD + MARK + IDLE);
        assertThat(intake.timers()).isZero();
        assertThat(intake.takeOutputs()).isEmpty();
    }

    @Test
    void whatComesAfterTheEndIsTurnedAway() throws Exception {
        intake.send(raw(Topic.RUNS, 2, run.ended(1)));
        intake.setTime(HOLD);
        intake.takeOutputs();
        intake.restart();

        intake.send(raw(Topic.TELEMETRY, 7, run.signal(1, 0, TestingRun.EN, 0).build()));
        intake.send(raw(Topic.RUNS, 1, run.started(0, "r0")));
        intake.send(raw(Topic.RUNS, 2, run.ended(1)));
        intake.send(raw(Topic.CONTROL, 0, TestingRun.command("c", CommandKind.FREEZE).build()));

        assertThat(intake.takeOutputs()).isEmpty();
        assertThat(intake.takeRejects())
                .extracting(Rejected::getReason)
                .containsExactly(
                        RejectReason.RUN_ENDED, RejectReason.RUN_ENDED, RejectReason.RUN_ENDED);
        assertThat(intake.stored()).isEqualTo(2);
    }

    @Test
    void anAttemptThatStartsWhileARunEndsKeepsItAlive() throws Exception {
        intake.send(raw(Topic.RUNS, 2, run.ended(1)));
        intake.send(raw(Topic.RUNS, 3, run.started(20, "r0")));
        intake.takeOutputs();
        intake.setTime(HOLD);

        assertThat(intake.takeOutputs()).isEmpty();
        intake.send(raw(Topic.TELEMETRY, 7, run.signal(3, 2, TestingRun.EN, 0).build()));
        assertThat(intake.takeOutputs()).hasSize(1);
    }

    @Test
    void aRunThatEndedBeginsAnewWithADeclarationAndAnAttempt() throws Exception {
        intake.send(raw(Topic.RUNS, 2, run.ended(1)));
        intake.setTime(HOLD);
        intake.takeOutputs();

        intake.send(raw(Topic.RUNS, 3, run.declared()));
        intake.send(raw(Topic.RUNS, 4, run.started(20, "r0")));

        assertThat(intake.takeOutputs())
                .extracting(routed -> (Object) routed.event().getClass())
                .containsOnly(StageEvent.Started.class);
    }

    @Test
    void aDeclarationThatFollowsTheEndStaysForTheAttemptThatBeginsAnew() throws Exception {
        intake.send(raw(Topic.RUNS, 2, run.ended(1)));
        intake.send(raw(Topic.RUNS, 3, run.declared()));
        intake.setTime(HOLD);
        intake.takeOutputs();

        intake.send(raw(Topic.RUNS, 4, run.started(20, "r0")));

        assertThat(intake.takeOutputs()).hasSize(2);
        assertThat(intake.takeRejects()).isEmpty();
    }

    @Test
    void theEndOfAnOlderAttemptEndsNothing() throws Exception {
        intake.send(raw(Topic.RUNS, 3, run.started(20, "r0")));
        intake.takeOutputs();
        intake.send(raw(Topic.RUNS, 4, run.ended(1)));
        intake.setTime(HOLD);

        assertThat(intake.takeOutputs()).isEmpty();
        assertThat(intake.takeRejects())
                .extracting(Rejected::getReason)
                .containsExactly(RejectReason.FENCED);
    }

    @Test
    void otherRunsAreUntouched() throws Exception {
        RunSpec other = TestingRun.digested(TestingRun.declaration().setRunId("other"));
        intake.send(raw(Topic.RUNS, 2, "other", TestingRun.CONTRACT.encode(other)));
        int before = intake.stored();
        intake.send(raw(Topic.RUNS, 3, run.ended(1)));
        intake.setTime(HOLD);

        assertThat(intake.stored()).isLessThan(before);
        intake.setTime(HOLD + MARK);
        // Its declaration, and when it was seen.
        assertThat(intake.stored()).isEqualTo(2);
    }

    @Test
    void aRunOfWhichNothingComesForLongIsForgotten() throws Exception {
        intake.setTime(IDLE - 1);
        assertThat(intake.takeOutputs()).isEmpty();

        intake.setTime(IDLE);

        assertThat(intake.takeOutputs())
                .extracting(Routed::event)
                .containsOnly(new StageEvent.Ended(TestingRun.RUN, 1));
        assertThat(intake.stored()).isEqualTo(2);
    }

    @Test
    void aRunThatGoesOnIsNotForgotten() throws Exception {
        for (int i = 1; i <= 4; i++) {
            intake.setTime(i * IDLE / 2);
            intake.send(raw(Topic.TELEMETRY, i, run.signal(1, i, TestingRun.EN, 0).build()));
        }

        assertThat(intake.takeOutputs())
                .extracting(routed -> (Object) routed.event().getClass())
                .containsOnly(StageEvent.Signalled.class);
    }
}
