package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Attempt;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StepFollowerTest {

    private static final int LEASE = 6;

    @TempDir Path folder;

    private final BlockingQueue<Long> handedOver = new LinkedBlockingQueue<>();
    private BridgeStore store;
    private Leases leases;
    private StepFollower follower;

    private void follow() {
        store = BridgeStore.open(folder);
        BridgeMetrics metrics = new BridgeMetrics(TestingRuns.spec());
        Faults faults = new Faults(metrics);
        leases =
                new Leases(
                        new Surroundings(
                                TestingRuns.options(folder).withLeaseSteps(LEASE),
                                TestingRuns.spec(),
                                new TestingLog(),
                                store,
                                System::nanoTime,
                                metrics,
                                faults,
                                BridgeListener.NONE),
                        new Attempt(
                                TestingRuns.RUN,
                                3,
                                TestingRuns.spec().digest(),
                                0,
                                List.of("rank-0"),
                                Records.prior(TestingRuns.spec())),
                        0,
                        -1,
                        new SealQueue());
        follower =
                new StepFollower(
                        leases,
                        TestingRuns.spec().rounds(),
                        0,
                        4,
                        round -> handedOver.add(round.round()),
                        faults);
    }

    @AfterEach
    void close() {
        follower.close();
        store.close();
    }

    @Test
    void aLeaseIsRenewedAndStoredWhenHalfOfItIsUsed() {
        follow();
        leases.plan(0);
        leases.renew(2);
        assertThat(leases.sealedThrough()).isEqualTo(LEASE - 1);
        Worker.start("follower", follower);
        follower.asked(3);
        while (leases.sealedThrough() < 3 + LEASE - 1) {
            Thread.onSpinWait();
        }
        assertThat(store.lastSealed(TestingRuns.RUN).orElseThrow().nextStep()).isEqualTo(9);
        assertThat(leases.at(8).firstStep()).isZero();
    }

    @Test
    void roundsAreHandedOverInOrder() throws InterruptedException {
        follow();
        Worker.start("follower", follower);
        for (long round = 0; round < 100; round++) {
            follower.ended(round(round));
        }
        for (long round = 0; round < 100; round++) {
            assertThat(handedOver.poll(30, TimeUnit.SECONDS)).isEqualTo(round);
        }
    }

    @Test
    void whoEndsARoundHandsThemOverWhenTooManyWait() {
        follow();
        for (long round = 0; round < 4; round++) {
            follower.ended(round(round));
        }
        assertThat(handedOver).isEmpty();
        follower.ended(round(4));
        assertThat(handedOver).containsExactlyElementsOf(LongStream.range(0, 5).boxed().toList());
    }

    @Test
    void whatIsLeftAtTheEndIsHandedOver() {
        follow();
        follower.ended(round(0));
        follower.close();
        assertThat(handedOver).containsExactly(0L);
        follower.ended(round(1));
        assertThat(handedOver).containsExactly(0L, 1L);
    }

    private static RecordedRound round(long number) {
        return new RecordedRound(
                number, 4 * number, 4 * number + 3, List.of(), List.of(), 0, List.of(), 1, false);
    }
}
