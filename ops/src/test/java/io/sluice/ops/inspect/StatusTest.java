package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Seal;
import io.sluice.schemas.Topic;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusTest {

    private static final Instant NOW = TestingLog.START.plusSeconds(3_600);

    @Test
    void tellsARunInFull() {
        Golden.check(StatusText.of(status()), "status.txt");
    }

    @Test
    void tellsSeveralRunsAsATable() {
        StatusFold fold = new StatusFold();
        TestingLog.entries().forEach(fold::add);
        fold.add(sealOf("other", 9, 0, 49, "digest"));
        Golden.check(StatusText.of(fold.view(NOW, 2)), "status-two.txt");
    }

    @Test
    void tellsARunInALineForLogs() {
        assertThat(StatusText.lines(status()))
                .isEqualToNormalizingNewlines(
                        "2026-11-22T05:00:00Z run pt-1b: attempt 3, plan 2 POLICY since step 600,"
                                + " sealed through 640, round 6 made plan 3, 1 refused, 2 rejects\n");
    }

    @Test
    void hasTheSameFactsAsJson() throws Exception {
        JsonNode run = new ObjectMapper().readTree(ViewJson.line(status())).at("/runs/0");
        assertThat(run.at("/attempt/number").asLong()).isEqualTo(3);
        assertThat(run.at("/plan/firstStep").asLong()).isEqualTo(600);
        assertThat(run.at("/coming").isNull()).isTrue();
        assertThat(run.at("/rejects").toString()).isEqualTo("{\"UNDECODABLE\":1,\"LATE\":1}");
        assertThat(run.at("/newest/Seal").asText()).isEqualTo("2026-11-22T04:00:16Z");
    }

    @Test
    void foldsOneRun() {
        RunView run = status().runs().get(0);
        assertThat(run.attempt().orElseThrow().resumeStep()).isEqualTo(600);
        assertThat(run.sealedThrough()).hasValue(640);
        assertThat(run.plan().orElseThrow().label()).isEqualTo("POLICY");
        assertThat(run.decision().orElseThrow().round()).isEqualTo(6);
        assertThat(run.heldSincePlan()).isZero();
        assertThat(run.undecided()).as("round 6 of attempt 3").hasValue(1);
        assertThat(run.checkpointStep()).as("a checkpoint of an older attempt").isEmpty();
        assertThat(run.refused()).isEqualTo(Map.of(AckVerdict.WRONG_BASE, 1L));
        assertThat(run.rejects())
                .isEqualTo(Map.of(RejectReason.UNDECODABLE, 1L, RejectReason.LATE, 1L));
    }

    @Test
    void sealsOfAnOlderAttemptDoNotComeBack() {
        StatusFold fold = new StatusFold();
        TestingLog.entries().forEach(fold::add);
        fold.add(sealOf(TestingLog.RUN, 1, 721, 800, "digest"));
        assertThat(fold.view(NOW, 0).runs().get(0).sealedThrough()).hasValue(640);
    }

    @Test
    void anAcceptedPlanThatNoSealUsesYetIsComing() {
        StatusFold fold = new StatusFold();
        TestingLog.entries().stream()
                .filter(entry -> entry.topic() != Topic.SEALS || entry.offset() == 0)
                .filter(entry -> entry.topic() != Topic.RUNS || entry.offset() < 2)
                .filter(entry -> entry.topic() != Topic.ACKS || entry.offset() == 0)
                .forEach(fold::add);
        RunView run = fold.view(NOW, 0).runs().get(0);
        assertThat(run.plan().orElseThrow().version()).isZero();
        assertThat(run.coming()).contains(new RunView.Coming(1, 303));
    }

    @Test
    void aHeldRoundIsToldWithItsReasonAndCounted() {
        StatusFold fold = new StatusFold();
        TestingLog.entries().stream()
                .filter(entry -> entry.topic() != Topic.DECISIONS || entry.offset() < 2)
                .forEach(fold::add);
        StatusView view = fold.view(NOW, 0);
        assertThat(view.runs().get(0).heldSincePlan()).isEqualTo(2);
        assertThat(StatusText.of(view))
                .contains("round 1 held: WARM_UP, decisions begin at step 200 (through step 199")
                .contains("2 rounds held since the newest plan was made");
    }

    @Test
    void rejectsOfUnknownRunsMakeNoRun() {
        StatusFold fold = new StatusFold();
        TestingLog.replay(fold::add, Topic.REJECTS);
        StatusView view = fold.view(NOW, 0);
        assertThat(view.runs()).isEmpty();
        assertThat(view.otherRejects()).containsEntry(RejectReason.LATE, 1L);
        assertThat(StatusText.of(view)).contains("no runs", "1 UNDECODABLE, 1 LATE");
    }

    @Test
    void aStepThatASealDidNotTellIsUnknown() {
        StatusFold fold = new StatusFold();
        fold.add(sealOf("other", 9, 100, 149, "digest"));
        RunView run = fold.view(NOW, 0).runs().get(0);
        assertThat(run.plan().orElseThrow().firstStep()).isEmpty();
        assertThat(StatusText.of(fold.view(NOW, 0))).contains("since step -");
    }

    private static StatusView status() {
        StatusFold fold = new StatusFold();
        TestingLog.entries().forEach(fold::add);
        return fold.view(NOW, 0);
    }

    private static Entry sealOf(String run, long attempt, long from, long through, String digest) {
        Seal seal =
                Seal.newBuilder()
                        .setRunId(run)
                        .setAttempt(attempt)
                        .setFromStep(from)
                        .setThroughStep(through)
                        .setVersion(4)
                        .setDigest(digest)
                        .build();
        return new Entry(Topic.SEALS, 0, 99, NOW.minusSeconds(200), run, seal);
    }
}
