package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.sequence.PlanAck.Verdict;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BridgeMetricsTest {

    @Test
    void everySeriesExistsFromTheStart() {
        assertThat(new BridgeMetrics(TestingRuns.spec()).scrape().lines())
                .contains(
                        "sluice_mixture_weight_ratio{run=\"run-1\",group=\"a\",} 0.5",
                        "sluice_mixture_weight_ratio{run=\"run-1\",group=\"b\",} 0.3",
                        "sluice_mixture_weight_ratio{run=\"run-1\",group=\"c\",} 0.2",
                        "sluice_groups_truncated 0.0",
                        "sluice_mixture_version 0.0",
                        "sluice_plan_age_steps 0.0",
                        "sluice_last_plan_timestamp_seconds 0.0",
                        "sluice_plans_total{verdict=\"accepted\",} 0.0",
                        "sluice_plans_total{verdict=\"repeated\",} 0.0",
                        "sluice_plans_total{verdict=\"stale_epoch\",} 0.0",
                        "sluice_plans_total{verdict=\"other_attempt\",} 0.0",
                        "sluice_plans_total{verdict=\"other_spec\",} 0.0",
                        "sluice_plans_total{verdict=\"stale_version\",} 0.0",
                        "sluice_plans_total{verdict=\"wrong_base\",} 0.0",
                        "sluice_plans_total{verdict=\"bad_mixture\",} 0.0",
                        "sluice_signals_total{outcome=\"acknowledged\",} 0.0",
                        "sluice_signals_total{outcome=\"dropped\",} 0.0",
                        "sluice_rounds_total 0.0",
                        "sluice_sealed_through_step -1.0",
                        "sluice_feedback_latency_seconds_count 0.0",
                        "sluice_feedback_latency_seconds_bucket{le=\"1.0\",} 0.0",
                        "sluice_telemetry_queue_rounds 0.0",
                        "sluice_bridge_errors_total{where=\"declare\",} 0.0",
                        "sluice_bridge_errors_total{where=\"feed\",} 0.0",
                        "sluice_bridge_errors_total{where=\"plans\",} 0.0",
                        "sluice_bridge_errors_total{where=\"acks\",} 0.0",
                        "sluice_bridge_errors_total{where=\"seals\",} 0.0",
                        "sluice_bridge_errors_total{where=\"telemetry\",} 0.0",
                        "sluice_bridge_errors_total{where=\"store\",} 0.0",
                        "sluice_bridge_errors_total{where=\"listener\",} 0.0",
                        "sluice_attempt -1.0");
    }

    @Test
    void manyGroupsShareOneSeriesAndTheTextSaysHowMany() {
        RunSpec few = TestingRuns.declaration();
        List<GroupSpec> groups =
                IntStream.range(0, 100)
                        .mapToObj(j -> new GroupSpec(new GroupId("g" + j), 0.01, 0, 1))
                        .toList();
        RunSpec many =
                new RunSpec(
                        few.runId(),
                        groups,
                        few.targets(),
                        few.policy(),
                        few.guards(),
                        few.rounds(),
                        few.sketch(),
                        few.shards(),
                        few.seed(),
                        few.mode(),
                        "");
        String text = new BridgeMetrics(many).scrape();
        assertThat(text.lines().filter(line -> line.startsWith("sluice_mixture_weight_ratio{")))
                .hasSize(65);
        assertThat(text)
                .contains("sluice_groups_truncated 36.0")
                .containsPattern("group=\"other\",} 0\\.3(6|59)");
    }

    @Test
    void countsWhatItIsTold() {
        BridgeMetrics metrics = new BridgeMetrics(TestingRuns.spec());
        metrics.plan(Verdict.ACCEPTED);
        metrics.latency(20_000_000);
        metrics.signals(3, 2);
        assertThat(metrics.scrape().lines())
                .contains(
                        "sluice_plans_total{verdict=\"accepted\",} 1.0",
                        "sluice_feedback_latency_seconds_bucket{le=\"0.01\",} 0.0",
                        "sluice_feedback_latency_seconds_bucket{le=\"0.025\",} 1.0",
                        "sluice_signals_total{outcome=\"acknowledged\",} 3.0",
                        "sluice_signals_total{outcome=\"dropped\",} 2.0");
        assertThat(metrics.contentType()).startsWith("text/plain; version=0.0.4");
    }
}
