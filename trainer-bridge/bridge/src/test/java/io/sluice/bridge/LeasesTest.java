package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.PlanAck.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeasesTest {

    @TempDir Path folder;

    @Test
    void aStoreThatFailsIsCountedAndTheTrainerGoesOn() {
        RunSpec spec = TestingRuns.spec();
        BridgeMetrics metrics = new BridgeMetrics(spec);
        BridgeStore store = BridgeStore.open(folder);
        store.close();
        Plan prior = Records.prior(spec);
        Leases leases =
                new Leases(
                        new Surroundings(
                                TestingRuns.options(folder),
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
        for (long step = 0; step < 6; step++) {
            assertThat(leases.plan(step).draws()).hasSize(4);
        }
        Plan next = TestingRuns.next(prior, 3, 1, 6, 0.4, 0.4, 0.2);
        assertThat(leases.offer(next).verdict()).isEqualTo(Verdict.ACCEPTED);
        assertThat(leases.plan(6).mixture()).isEqualTo(next.mixture());
        assertThat(metrics.scrape()).contains("sluice_bridge_errors_total{where=\"store\",} 5.0");
    }
}
