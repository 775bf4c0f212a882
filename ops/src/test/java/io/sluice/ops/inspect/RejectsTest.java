package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.inspect.RejectsView.Reject;
import io.sluice.schemas.Decision;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Topic;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RejectsTest {

    @Test
    void tellsWhereEachStandsAndHowToSeeIt() {
        Golden.check(RejectsText.of(rejects(Optional.empty(), 20)), "rejects.txt");
    }

    @Test
    void keepsTheNewestAndCountsAll() {
        RejectsView view = rejects(Optional.empty(), 1);
        assertThat(view.matching()).isEqualTo(2);
        assertThat(view.rejects()).extracting(Reject::offset).containsExactly(57L);
    }

    @Test
    void keepsOnlyTheReasonThatIsAskedFor() {
        RejectsView view = rejects(Optional.of(RejectReason.UNDECODABLE), 20);
        assertThat(view.rejects()).extracting(Reject::offset).containsExactly(41L);
        assertThat(RejectsText.of(rejects(Optional.of(RejectReason.FENCED), 20)))
                .isEqualToNormalizingNewlines("no rejects match\n");
    }

    /** Each would be as good as the other, so none is turned away; but nobody should wonder. */
    @Test
    void repeatedSignalsAreCountedByRun() {
        RejectsFold fold = new RejectsFold(Optional.empty(), 20);
        TestingLog.replay(fold::add, Topic.DECISIONS);
        RejectsView view = fold.view(0);
        assertThat(view.repeated()).isEqualTo(Map.of("pt-1b", 2L));
        assertThat(RejectsText.of(view))
                .isEqualToNormalizingNewlines(
                        "no rejects match\n"
                                + "besides, of run pt-1b 2 signals came again, which changed nothing\n");
    }

    /** A restored job counts from its savepoint on. */
    @Test
    void theNewestDecisionCounts() {
        RejectsFold fold = new RejectsFold(Optional.empty(), 20);
        TestingLog.replay(fold::add, Topic.DECISIONS);
        fold.add(decided(1));
        assertThat(fold.view(0).repeated()).isEqualTo(Map.of("pt-1b", 1L));
        fold.add(decided(0));
        assertThat(fold.view(0).repeated()).isEmpty();
    }

    private static Entry decided(long duplicates) {
        Decision decision =
                Decision.newBuilder().setTotalAccepted(8).setTotalDuplicates(duplicates).build();
        return new Entry(Topic.DECISIONS, 0, 99, Instant.EPOCH, "pt-1b", decision);
    }

    private static RejectsView rejects(Optional<RejectReason> reason, int last) {
        RejectsFold fold = new RejectsFold(reason, last);
        TestingLog.replay(fold::add, Topic.REJECTS);
        return fold.view(0);
    }
}
