package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Plan;
import io.sluice.core.sequence.Seal;
import org.junit.jupiter.api.Test;

class SealQueueTest {

    private final Plan prior = Records.prior(TestingRuns.spec());
    private final Plan next = TestingRuns.next(prior, 1, 0, 4, 0.4, 0.4, 0.2);

    @Test
    void adjacentSealsOfOnePlanBecomeOneWhileTheyWait() throws Exception {
        SealQueue queue = new SealQueue();
        queue.add(seal(0, 1, prior, true));
        queue.add(seal(2, 3, prior, false));
        queue.add(seal(4, 5, next, true));
        queue.add(seal(6, 7, next, false));
        queue.close();
        assertThat(queue.take()).contains(seal(0, 3, prior, true));
        assertThat(queue.take()).contains(seal(4, 7, next, true));
        assertThat(queue.take()).isEmpty();
    }

    private static Seal seal(long from, long through, Plan plan, boolean changesPlan) {
        return new Seal(TestingRuns.RUN, 1, "spec", from, through, plan, changesPlan);
    }
}
