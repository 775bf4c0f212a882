package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.FailPoint;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.runtime.execution.CancelTaskException;
import org.apache.flink.streaming.runtime.tasks.ExceptionInChainedOperatorException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a record does on which the job itself fails. */
final class IntakeFailureTest {

    private static final String KEY = "makes-the-job-fail";
    private static final RawRecord POISON = raw(Topic.TELEMETRY, 17, KEY, new byte[] {1});

    @BeforeEach
    void arm() {
        System.setProperty(FailPoint.INTAKE, KEY);
    }

    @AfterEach
    void disarm() {
        System.clearProperty(FailPoint.INTAKE);
    }

    @Test
    void theFailureSaysWhereTheRecordStandsAndHowToSkipIt() throws Exception {
        try (StageHarness<String, RawRecord, Routed> intake = IntakeHarness.open()) {
            assertThatThrownBy(() -> intake.send(POISON))
                    .isInstanceOf(RecordFailedException.class)
                    .hasMessageContaining("the record at sluice.telemetry:3:17")
                    .hasMessageContaining("--skip sluice.telemetry:3:17")
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aRecordThatIsSkippedIsListedAndHarmsNobody() throws Exception {
        MixtureOptions options = TestingRun.OPTIONS.withSkipped(Set.of("sluice.telemetry:3:17"));
        try (StageHarness<String, RawRecord, Routed> intake = IntakeHarness.open(options)) {
            intake.send(POISON);
            List<Rejected> rejects = intake.takeRejects();
            assertThat(rejects).hasSize(1);
            assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.SKIPPED);
            assertThat(rejects.get(0).getMessage()).isEqualTo("the job was told to skip it");
            assertThat(rejects.get(0).getOffset()).isEqualTo(17);
        }
    }

    /** A stage behind fails where brokers are away: no record is to blame. */
    @Test
    void aStageBehindThatFailsIsNotTakenForThisOne() {
        RuntimeException behind = new ExceptionInChainedOperatorException(new IOException());
        assertThat(RecordFailedException.of("t:0:1", behind)).isSameAs(behind);
    }

    @Test
    void aRecordThatIsNamedAlreadyIsNamedOnce() {
        RuntimeException named = RecordFailedException.of("t:0:1", new IllegalStateException());
        assertThat(RecordFailedException.of("t:0:2", named)).isSameAs(named);
    }

    @Test
    void aRecordThatWaitedIsSkippedWhenItsAttemptComes() throws Exception {
        TestingRun run = TestingRun.ofShards(1);
        AtomicReference<MixtureOptions> options = new AtomicReference<>(TestingRun.OPTIONS);
        try (StageHarness<String, RawRecord, Routed> intake = IntakeHarness.open(options::get)) {
            intake.send(raw(Topic.TELEMETRY, 17, run.signal(5, 0, TestingRun.EN, 0).build()));
            options.set(TestingRun.OPTIONS.withSkipped(Set.of("sluice.telemetry:3:17")));
            intake.restart();

            intake.send(raw(Topic.RUNS, 4, run.declared()));
            intake.send(raw(Topic.RUNS, 5, run.started(0, "r0")));

            assertThat(intake.takeOutputs()).hasSize(1);
            assertThat(intake.takeRejects())
                    .extracting(Rejected::getMessage)
                    .containsExactly("the job was told to skip it");
        }
    }

    @Test
    void noRecordFailsWhereNoTestAskedForIt() throws Exception {
        disarm();
        try (StageHarness<String, RawRecord, Routed> intake = IntakeHarness.open()) {
            intake.send(POISON);
            assertThat(intake.takeRejects()).hasSize(1);
        }
    }

    @Test
    void aTaskThatIsCancelledIsNotTakenForAFailure() {
        RuntimeException cancelled = new CancelTaskException();
        assertThat(RecordFailedException.of("t:0:1", cancelled)).isSameAs(cancelled);
    }
}
