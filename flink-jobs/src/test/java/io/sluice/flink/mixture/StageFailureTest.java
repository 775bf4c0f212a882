package io.sluice.flink.mixture;

import static io.sluice.flink.testing.TestingRun.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.Decision;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a record does on which a stage behind intake fails, and what becomes of its run without. */
class StageFailureTest {

    private static final int ROUNDS = 6;
    private static final int ROUND_RECORDS = 9;

    private static final String ACK = "sluice.acks:3:0";
    private static final String STATEMENT = "sluice.telemetry:3:" + (ROUND_RECORDS - 1);
    private static final String SIGNAL = "sluice.telemetry:3:0";

    private final TestingRun run = TestingRun.ofShards(2);

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(FailPoint.ROUNDS, SIGNAL),
                Arguments.of(FailPoint.ROUNDS, STATEMENT),
                Arguments.of(FailPoint.ROUNDS, ACK),
                Arguments.of(FailPoint.DECISION, STATEMENT),
                Arguments.of(FailPoint.DECISION, ACK));
    }

    @AfterEach
    void disarm() {
        System.clearProperty(FailPoint.ROUNDS);
        System.clearProperty(FailPoint.DECISION);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theFailureNamesTheRecordAndTheJobGoesOnWithoutIt(String failPoint, String position)
            throws Exception {
        System.setProperty(failPoint, position);
        try (ParallelStages job = new ParallelStages(2, new Random(1))) {
            assertThatThrownBy(() -> send(job))
                    .isInstanceOf(RecordFailedException.class)
                    .hasMessageContaining("the record at " + position + " made the job fail")
                    .hasMessageContaining("--skip " + position)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }

        try (ParallelStages job = new ParallelStages(2, new Random(1), skipping(position))) {
            send(job);
            assertThat(decisions(job)).extracting(Decision::getRound).contains(ROUNDS - 1L);
            assertThat(job.takeRejects())
                    .extracting(record -> TestingRun.CONTRACT.decode(record.value()))
                    .extracting(record -> ((Rejected) record).getMessage())
                    .containsExactly("the job was told to skip it");
        }
    }

    @Test
    void aRoundWithoutItsStatementIsGivenUpAndTheOthersAreDecided() throws Exception {
        try (ParallelStages job = new ParallelStages(2, new Random(1), skipping(STATEMENT))) {
            send(job);
            List<Decision> decisions = decisions(job);
            assertThat(decisions)
                    .extracting(Decision::getRound)
                    .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
            assertThat(decisions.get(0).getHold()).isEqualTo(HoldReason.INCOMPLETE);
            assertThat(decisions.subList(1, ROUNDS))
                    .extracting(Decision::getHold)
                    .doesNotContain(HoldReason.INCOMPLETE);
        }
    }

    /** An attempt, an answer, and some rounds, the records of a topic with offsets from 0. */
    private void send(ParallelStages job) throws Exception {
        deliver(job, Topic.RUNS, 4, run.declared());
        deliver(job, Topic.RUNS, 5, run.started(0, "r0"));
        deliver(
                job,
                Topic.ACKS,
                0,
                run.ack(5, run.prior(), AckVerdict.REPEATED, run.prior()).build());
        long offset = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (SpecificRecord record : run.round(5, round)) {
                deliver(job, Topic.TELEMETRY, offset++, record);
            }
        }
    }

    private static void deliver(ParallelStages job, Topic topic, long offset, SpecificRecord record)
            throws Exception {
        job.send(topic.ordinal(), raw(topic, offset, record));
        job.run();
    }

    private static MixtureOptions skipping(String position) {
        return TestingRun.OPTIONS.withSkipped(Set.of(position));
    }

    private static List<Decision> decisions(ParallelStages job) {
        return job.takeOutputs().stream()
                .map(output -> TestingRun.CONTRACT.decode(output.value()))
                .filter(Decision.class::isInstance)
                .map(Decision.class::cast)
                .toList();
    }
}
