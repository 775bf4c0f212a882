package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.PlanAck.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {

    @TempDir Path folder;

    private final RunSpec spec = TestingRuns.spec();
    private final BridgeMetrics metrics = new BridgeMetrics(spec);
    private final Plan prior = Records.prior(spec);

    @Test
    void aStoreThatFailsIsCountedAndTheTrainerGoesOn() {
        BridgeStore store = BridgeStore.open(folder);
        store.close();
        Leases leases = leases(TestingRuns.options(folder), store);
        for (long step = 0; step < 6; step++) {
            assertThat(leases.plan(step).draws()).hasSize(4);
        }
        Plan next = TestingRuns.next(prior, 3, 1, 6, 0.4, 0.4, 0.2);
        assertThat(leases.offer(next).verdict()).isEqualTo(Verdict.ACCEPTED);
        assertThat(leases.plan(6).mixture()).isEqualTo(next.mixture());
        assertThat(metrics.scrape()).contains("sluice_bridge_errors_total{where=\"store\",} 5.0");
    }

    @Test
    void withoutNewsTheMixtureGoesBackToThePriorWhenTheOptionsSaySo() {
        try (BridgeStore store = BridgeStore.open(folder)) {
            Leases leases =
                    leases(
                            TestingRuns.options(folder).withLeaseSteps(1).withFallBackSteps(10),
                            store);
            Plan next = TestingRuns.next(prior, 3, 1, 5, 0.4, 0.4, 0.2);
            leases.plan(4);
            leases.offer(next);
            for (long step = 5; step < 15; step++) {
                assertThat(leases.plan(step).mixture()).isEqualTo(next.mixture());
            }
            assertThat(leases.plan(15).version()).isEqualTo(2);
            assertThat(leases.inForce().label()).isEqualTo(Plan.Label.FALLBACK);
            assertThat(leases.inForce().digest()).isEqualTo(Records.digest(leases.inForce()));
            for (long step = 16; step < 2000; step++) {
                leases.plan(step);
            }
            assertThat(leases.inForce().mixture().klFrom(prior.mixture())).isLessThan(1e-12);
            assertThat(metrics.scrape()).doesNotContain("sluice_fallbacks_total 0.0");
        }
    }

    @Test
    @Timeout(60)
    void theTrainerGoesOnWhileAnotherThreadHangsInTheStore() throws InterruptedException {
        try (BridgeStore store = BridgeStore.open(folder)) {
            Leases leases = leases(TestingRuns.options(folder), store);
            leases.plan(0);
            Thread renewing = new Thread(() -> leases.renew(1));
            synchronized (store) {
                renewing.start();
                while (renewing.getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
                for (long step = 1; step < 6; step++) {
                    assertThat(leases.plan(step).draws()).hasSize(4);
                }
            }
            renewing.join();
            assertThat(leases.sealedThrough()).isEqualTo(5);
            assertThat(metrics.scrape())
                    .contains("sluice_bridge_errors_total{where=\"store\",} 2.0");
            leases.plan(6);
            assertThat(store.lastSealed(spec.runId()).orElseThrow().nextStep()).isEqualTo(8);
        }
    }

    private Leases leases(BridgeOptions options, BridgeStore store) {
        return new Leases(
                new Surroundings(
                        options,
                        spec,
                        new TestingLog(),
                        store,
                        System::nanoTime,
                        metrics,
                        new Faults(metrics),
                        BridgeListener.NONE),
                new Attempt(spec.runId(), 3, spec.digest(), 0, List.of("rank-0"), prior),
                0,
                -1,
                new SealQueue());
    }
}
