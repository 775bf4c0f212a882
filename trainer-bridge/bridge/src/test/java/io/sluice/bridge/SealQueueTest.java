package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bridge.SealQueue.Saved;
import io.sluice.bridge.SealQueue.Sealed;
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
        assertThat(queue.take()).contains(new Sealed(seal(0, 3, prior, true)));
        assertThat(queue.take()).contains(new Sealed(seal(4, 7, next, true)));
        assertThat(queue.take()).isEmpty();
    }

    @Test
    void checkpointsKeepTheirPlaceAmongTheSealsAndTheNewestAreKept() throws Exception {
        SealQueue queue = new SealQueue();
        for (long step = 0; step < SealQueue.CHECKPOINTS + 2; step++) {
            queue.add(seal(step, step, prior, step == 0));
            queue.add(new Saved(step + 1));
        }
        queue.close();
        assertThat(queue.take()).contains(new Sealed(seal(0, 2, prior, true)));
        assertThat(queue.take()).contains(new Saved(3));
        assertThat(queue.take()).contains(new Sealed(seal(3, 3, prior, false)));
    }

    private static Seal seal(long from, long through, Plan plan, boolean changesPlan) {
        return new Seal(TestingRuns.RUN, 1, "spec", from, through, plan, changesPlan);
    }
}
