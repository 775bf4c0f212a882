package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.util.List;
import java.util.Set;
import org.apache.flink.runtime.execution.CancelTaskException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a record does on which the job itself fails. */
final class IntakeFailureTest {

    private static final String KEY = "makes-the-job-fail";
    private static final RawRecord POISON = raw(Topic.TELEMETRY, 17, KEY, new byte[] {1});

    @BeforeEach
    void arm() {
        System.setProperty(FailPoint.PROPERTY, KEY);
    }

    @AfterEach
    void disarm() {
        System.clearProperty(FailPoint.PROPERTY);
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
            assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.UNDECODABLE);
            assertThat(rejects.get(0).getMessage()).isEqualTo("the job was told to skip it");
            assertThat(rejects.get(0).getOffset()).isEqualTo(17);
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
        assertThat(RecordFailedException.unlessCancelled("t:0:1", cancelled)).isSameAs(cancelled);
    }
}
