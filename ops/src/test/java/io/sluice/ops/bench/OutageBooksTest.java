package io.sluice.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.SignalOutcome;
import io.sluice.schemas.SubjectKind;
import io.sluice.schemas.SubjectOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class OutageBooksTest {

    private final List<TopicContent.Entry<GroupSignal>> signals = new ArrayList<>();
    private final List<RoundClosed> closed = new ArrayList<>();
    private final List<Rejected> rejects = new ArrayList<>();
    private final OutageBooks books = new OutageBooks(signals, closed, rejects);

    @BeforeEach
    void avroTrustsTheRecords() {
        new Contract();
    }

    @Test
    void aRoundIsAcknowledgedDroppedOrNeverTold() {
        closed.add(round(0, SignalOutcome.ACKNOWLEDGED, SignalOutcome.ABSENT));
        closed.add(round(1, SignalOutcome.ACKNOWLEDGED, SignalOutcome.DROPPED));
        closed.add(round(2, SignalOutcome.DROPPED, SignalOutcome.DROPPED));

        assertThat(books.rounds(6)).isEqualTo(new OutageBooks.Rounds(1, 2, 3));
        assertThat(books.toldAcknowledged()).isEqualTo(2);
    }

    @Test
    void aRoundThatWasToldTwiceIsOneRound() {
        closed.add(round(0, SignalOutcome.ACKNOWLEDGED));
        closed.add(round(0, SignalOutcome.ACKNOWLEDGED));

        assertThat(books.rounds(1)).isEqualTo(new OutageBooks.Rounds(1, 0, 0));
    }

    @Test
    void aSignalThatStandsThereTwiceCountsOnce() {
        add(signal(5, 0, "code", 0));
        add(signal(5, 0, "code", 0));
        add(signal(5, 0, "code", 1));

        assertThat(books.distinctSignals()).isEqualTo(2);
        assertThat(books.recount(decision(5, 0))).isEqualTo(2);
    }

    @Test
    void aDecisionCountsItsAttemptUpToItsRound() {
        add(signal(4, 0, "code", 0));
        add(signal(5, 0, "code", 0));
        add(signal(5, 1, "code", 0));
        add(signal(5, 2, "code", 0));

        assertThat(books.recount(decision(5, 1))).isEqualTo(2);
    }

    @Test
    void whatTheJobTurnedAwayDoesNotCount() {
        add(signal(5, 0, "code", 0));
        add(signal(5, 0, "web", 0));
        rejects.add(Rejected.newBuilder().setTopic("sluice.telemetry").setOffset(1).build());
        rejects.add(Rejected.newBuilder().setTopic("sluice.acks").setOffset(0).build());

        assertThat(books.recount(decision(5, 0))).isEqualTo(1);
    }

    private void add(GroupSignal signal) {
        signals.add(new TopicContent.Entry<>(signals.size(), 0, signal));
    }

    private static GroupSignal signal(long attempt, long round, String subject, int part) {
        return GroupSignal.newBuilder()
                .setAttempt(attempt)
                .setRound(round)
                .setKind(SubjectKind.GROUP)
                .setSubject(subject)
                .setPart(part)
                .build();
    }

    private static RoundClosed round(long round, SignalOutcome... outcomes) {
        return RoundClosed.newBuilder()
                .setRound(round)
                .setOutcomes(
                        Stream.of(outcomes)
                                .map(o -> SubjectOutcome.newBuilder().setOutcome(o).build())
                                .toList())
                .build();
    }

    private static Decision decision(long attempt, long round) {
        return Decision.newBuilder().setAttempt(attempt).setRound(round).build();
    }
}
