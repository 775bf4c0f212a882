package io.sluice.flink.mixture.intake;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.util.List;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

class IntakeRestoreTest {

    private final TestingRun run = TestingRun.ofShards(2);

    /** Something is held, released, fenced, rejected, forgotten by time, and routed. */
    private final List<RawRecord> script =
            List.of(
                    raw(Topic.TELEMETRY, 1, run.signal(9, 2, TestingRun.EN, 0).build()),
                    raw(Topic.TELEMETRY, 2, run.signal(5, 0, TestingRun.ES, 0).build()),
                    raw(Topic.RUNS, 4, run.declared()),
                    raw(Topic.RUNS, 5, run.started(0, "r0")),
                    raw(Topic.TELEMETRY, 3, run.signal(5, 0, TestingRun.TARGET, 1).build()),
                    raw(Topic.TELEMETRY, 4, "run", new byte[] {1, 2, 3}),
                    raw(Topic.RUNS, 9, run.started(20, "r0")),
                    raw(Topic.TELEMETRY, 5, run.closed(5, 0, "r0").build()),
                    raw(Topic.TELEMETRY, 6, run.signal(12, 3, TestingRun.EN, 0).build()),
                    raw(Topic.TELEMETRY, 7, run.closed(9, 2, "r0").build()),
                    raw(
                            Topic.ACKS,
                            1,
                            run.ack(9, run.prior(), AckVerdict.REPEATED, run.prior()).build()));

    @Test
    void aRestartAtAnyPointChangesNothing() throws Exception {
        Outcome expected = play(new HashMapStateBackend(), -1);
        assertThat(expected.outputs()).hasSize(11);
        assertThat(expected.rejects()).extracting(Rejected::getOffset).containsExactly(4L, 5L, 6L);

        for (int restartBefore = 0; restartBefore <= script.size(); restartBefore++) {
            assertThat(play(new HashMapStateBackend(), restartBefore))
                    .as("restart before record %d", restartBefore)
                    .isEqualTo(expected);
        }
    }

    @Test
    void rocksDbGivesTheSame() throws Exception {
        Outcome expected = play(new HashMapStateBackend(), -1);

        assertThat(play(new EmbeddedRocksDBStateBackend(), 3)).isEqualTo(expected);
        assertThat(play(new EmbeddedRocksDBStateBackend(), 9)).isEqualTo(expected);
    }

    private record Outcome(List<String> outputs, List<Rejected> rejects) {}

    private Outcome play(StateBackend backend, int restartBefore) throws Exception {
        try (StageHarness<String, RawRecord, Routed> intake = IntakeHarness.open(backend)) {
            for (int i = 0; i < script.size(); i++) {
                intake.setTime(1_000L * i);
                if (i == restartBefore) {
                    intake.restart();
                }
                intake.send(script.get(i));
            }
            if (restartBefore == script.size()) {
                intake.restart();
            }
            intake.setTime(2 * TestingRun.OPTIONS.holdTime().toMillis());
            return new Outcome(intake.takeOutputBytes(), intake.takeRejects());
        }
    }
}
