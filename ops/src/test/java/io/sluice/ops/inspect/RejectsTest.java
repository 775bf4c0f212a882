package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.inspect.RejectsView.Reject;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Topic;
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

    private static RejectsView rejects(Optional<RejectReason> reason, int last) {
        RejectsFold fold = new RejectsFold(reason, last);
        TestingLog.replay(fold::add, Topic.REJECTS);
        return fold.view(0);
    }
}
