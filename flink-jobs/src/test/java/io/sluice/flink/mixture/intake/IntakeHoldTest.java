package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IntakeHoldTest {

    private static final long HOLD = TestingRun.OPTIONS.holdTime().toMillis();

    /** A record waits up to this much longer than the hold time. */
    private static final long GRAIN = HOLD / 8;

    private final TestingRun run = TestingRun.ofShards(1);
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
    void signalsThatOvertakeTheirAttemptAreReleasedInOrder() throws Exception {
        signal(5, 101);
        signal(5, 102);
        intake.send(raw(Topic.TELEMETRY, 103, run.closed(5, 0, "r0").build()));
        intake.restart();
        signal(5, 104);
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        assertThat(intake.takeOutputs()).isEmpty();

        attempt(5);

        List<Routed> released = intake.takeOutputs();
        assertThat(released).hasSize(5);
        assertThat(released.get(0).event()).isInstanceOf(StageEvent.Started.class);
        assertThat(offset(released.get(1))).isEqualTo(101);
        assertThat(offset(released.get(2))).isEqualTo(102);
        assertThat(released.get(3).event()).isInstanceOf(StageEvent.Closed.class);
        assertThat(offset(released.get(4))).isEqualTo(104);
        intake.setTime(10 * HOLD);
        assertThat(intake.takeRejects()).isEmpty();
    }

    @Test
    void whatIsNeverExplainedIsRejectedWhenTheTimeIsUp() throws Exception {
        RawRecord stray = raw(Topic.TELEMETRY, 101, run.closed(5, 0, "r0").build());
        intake.send(stray);
        intake.setTime(HOLD - 1);
        assertThat(intake.takeRejects()).isEmpty();

        intake.setTime(HOLD);

        List<Rejected> rejects = intake.takeRejects();
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.UNKNOWN_RUN);
        assertThat(rejects.get(0).getMessage())
                .isEqualTo("no attempt that explains it was announced on sluice.runs within 300 s");
        assertThat(rejects.get(0).getOffset()).isEqualTo(101);
        assertThat(rejects.get(0).getOriginal().array()).isEqualTo(stray.value());
        assertThat(intake.rejected("unknown_run")).isEqualTo(1);
        assertThat(intake.takeOutputs()).isEmpty();
    }

    @Test
    void timersOutliveARestart() throws Exception {
        signal(5, 101);
        intake.restart();

        intake.setTime(HOLD);

        assertThat(intake.takeRejects()).hasSize(1);
    }

    @Test
    void everyRecordWaitsItsWholeTime() throws Exception {
        signal(5, 101);
        intake.setTime(HOLD - 1);
        signal(5, 102);

        intake.setTime(HOLD);
        assertThat(intake.takeRejects()).extracting(Rejected::getOffset).containsExactly(101L);
        intake.setTime(2 * HOLD - 2);
        assertThat(intake.takeRejects()).isEmpty();
        intake.setTime(2 * HOLD - 1 + GRAIN);
        assertThat(intake.takeRejects()).extracting(Rejected::getOffset).containsExactly(102L);
    }

    @Test
    void aTimerOfRecordsThatWereReleasedDoesNotShortenLaterWaits() throws Exception {
        signal(5, 101);
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        attempt(5);
        assertThat(intake.takeOutputs()).hasSize(2);
        intake.setTime(HOLD - 1);
        signal(9, 102);

        intake.setTime(HOLD);
        assertThat(intake.takeRejects()).isEmpty();
        attempt(9);
        assertThat(intake.takeOutputs()).hasSize(2);
    }

    @Test
    void recordsOfAStillLaterAttemptGoOnWaitingWithoutNewTime() throws Exception {
        signal(7, 107);
        signal(5, 105);
        signal(9, 109);
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        intake.setTime(GRAIN);
        attempt(5);
        assertThat(intake.takeOutputs()).hasSize(2);

        attempt(7);
        List<Routed> released = intake.takeOutputs();
        assertThat(released).hasSize(2);
        assertThat(offset(released.get(1))).isEqualTo(107);

        intake.setTime(HOLD);
        assertThat(intake.takeRejects()).extracting(Rejected::getOffset).containsExactly(109L);
    }

    @Test
    void attemptsThatWereSkippedAreFencedWhenTheyAreReleased() throws Exception {
        signal(5, 105);
        intake.send(raw(Topic.RUNS, 4, run.declared()));
        attempt(7);

        assertThat(intake.takeOutputs()).hasSize(1);
        List<Rejected> rejects = intake.takeRejects();
        assertThat(rejects).extracting(Rejected::getReason).containsExactly(RejectReason.FENCED);
        assertThat(rejects).extracting(Rejected::getOffset).containsExactly(105L);
    }

    @Test
    void noMoreThanTheMostAreHeld() throws Exception {
        for (int i = 0; i < HeldRecords.MOST; i++) {
            signal(5, i);
        }
        assertThat(intake.takeRejects()).isEmpty();
        signal(5, 5_000);

        List<Rejected> rejects = intake.takeRejects();
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.UNKNOWN_RUN);
        assertThat(rejects.get(0).getMessage())
                .isEqualTo("4096 records of this run already wait for their attempt");
        assertThat(rejects.get(0).getOffset()).isEqualTo(5_000);

        intake.send(raw(Topic.RUNS, 4, run.declared()));
        attempt(5);
        assertThat(intake.takeOutputs()).hasSize(1 + HeldRecords.MOST);
        signal(9, 5_001);
        assertThat(intake.takeRejects()).isEmpty();
    }

    private void signal(long attempt, long offset) throws Exception {
        intake.send(raw(Topic.TELEMETRY, offset, run.signal(attempt, 0, TestingRun.EN, 0).build()));
    }

    private void attempt(long number) throws Exception {
        intake.send(raw(Topic.RUNS, number, run.started(0, "r0")));
    }

    private static long offset(Routed routed) {
        return ((StageEvent.Signalled) routed.event()).at().offset();
    }
}
