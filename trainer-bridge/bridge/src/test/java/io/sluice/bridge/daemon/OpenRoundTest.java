package io.sluice.bridge.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.bridge.RelaySession;
import io.sluice.bridge.RoundReport;
import io.sluice.bridge.RoundReport.Half;
import io.sluice.bridge.RoundReport.HalfId;
import io.sluice.bridge.TestingBridge;
import io.sluice.bridge.TestingLog;
import io.sluice.bridge.TestingRuns;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal.PlanTokens;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectOutcome;
import io.sluice.schemas.Topic;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class OpenRoundTest {

    private static final HalfId FIRST = new HalfId(Subject.of(TestingRuns.A), 0);
    private static final HalfId SECOND = new HalfId(Subject.of(TestingRuns.A), 1);
    private static final HalfId THIRD = new HalfId(Subject.of(TestingRuns.B), 0);

    @TempDir Path folder;

    private final TestingLog log = new TestingLog();
    private TestingBridge parts;
    private RelaySession relay;

    @BeforeEach
    void open() {
        parts = new TestingBridge(folder, log);
        relay = parts.bridge().relay(parts.bridge().beginning(0));
        while (relay.attempt().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @AfterEach
    void close() {
        log.hang(false);
        parts.bridge().close();
    }

    @Test
    void whatHasNoRoomIsDroppedCountedAndToldWhenTheRoundEnds() {
        OpenRound round = round(2 * half(FIRST).bytes());
        assertThat(round.add(0, List.of(half(FIRST), half(SECOND), half(THIRD)))).isEqualTo(1);
        assertThat(round.end(report(0))).isTrue();
        RoundClosed closed = log.await(Topic.TELEMETRY, RoundClosed.class, 1).get(0);
        assertThat(closed.getOutcomes())
                .filteredOn(outcome -> outcome.getOutcome() == SignalOutcome.DROPPED)
                .extracting(SubjectOutcome::getIndex, SubjectOutcome::getPart)
                .containsExactly(tuple(1, 0));
        assertThat(log.all(Topic.TELEMETRY, GroupSignal.class)).hasSize(2);
        assertThat(parts.bridge().metrics().scrape())
                .contains("sluice_daemon_signals_dropped_total 1.0");
        assertThat(round.add(1, List.of(half(FIRST)))).isZero();
    }

    @Test
    void roundsThatAreNotSentYetTakeRoomToo() {
        OpenRound round = round(half(FIRST).bytes());
        log.hang(true);
        assertThat(round.add(0, List.of(half(FIRST)))).isZero();
        assertThat(round.end(report(0))).isTrue();
        assertThat(round.add(1, List.of(half(FIRST)))).isEqualTo(1);
        log.hang(false);
        log.await(Topic.TELEMETRY, RoundClosed.class, 1);
        while (relay.unsentBytes() > 0) {
            Thread.onSpinWait();
        }
        assertThat(round.add(1, List.of(half(SECOND)))).isZero();
    }

    @Test
    void signalsOfALaterRoundDisplaceThoseOfARoundThatWasNeverEnded() {
        OpenRound round = round(1 << 20);
        round.add(0, List.of(half(FIRST)));
        round.add(2, List.of(half(SECOND)));
        assertThatThrownBy(() -> round.add(0, List.of(half(THIRD)))).isInstanceOf(Refusal.class);
        round.end(report(2));
        RoundClosed closed = log.await(Topic.TELEMETRY, RoundClosed.class, 1).get(0);
        assertThat(closed.getRound()).isEqualTo(2);
        assertThat(log.all(Topic.TELEMETRY, GroupSignal.class))
                .extracting(GroupSignal::getPart)
                .containsExactly(1);
        assertThat(parts.bridge().metrics().scrape())
                .contains("sluice_daemon_signals_dropped_total 1.0");
    }

    private OpenRound round(long mostBytes) {
        return new OpenRound(relay, mostBytes, parts.bridge().metrics().daemon());
    }

    private static Half half(HalfId id) {
        byte[] sketch = new byte[2 * TestingRuns.BUCKETS];
        return new Half(id, List.of(new PlanTokens(0, 10)), 10, 2, 20, 50, sketch);
    }

    private static RoundReport report(long round) {
        return new RoundReport(
                round, 4 * round, 4 * round + 3, List.of(), List.of(), 0.1, List.of(), 1);
    }
}
