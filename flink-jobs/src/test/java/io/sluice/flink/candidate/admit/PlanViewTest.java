package io.sluice.flink.candidate.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class PlanViewTest {

    private static final int GROUPS = 10_000;

    private final Contract contract = new Contract();
    private final PlanView view = new PlanView(contract);

    @Test
    void theLargestShareOfTheRunsThatDrawCounts() {
        view.applyCatalog(raw(new CatalogRun("web", "a", true, "test", "")));
        view.applyCatalog(raw(new CatalogRun("web", "b", true, "test", "")));
        view.applyPlan(raw(plan("a", "en", 0.25)));
        view.applyPlan(raw(plan("b", "en", 0.5)));
        view.applyPlan(raw(plan("c", "en", 0.75)));
        assertThat(view.share("web", "en")).hasValue(0.5);
        view.applyCatalog(raw(new CatalogRun("web", "b", false, "test", "")));
        assertThat(view.share("web", "en")).hasValue(0.25);
        assertThat(view.share("web", "fr")).isEmpty();
    }

    @Test
    void thePlansThatNobodyAskedForAreForgottenFirst() {
        view.applyCatalog(raw(new CatalogRun("web", "followed", true, "test", "")));
        view.applyPlan(raw(plan("followed", "en", 0.5)));
        view.applyPlan(raw(large("large-0")));
        int plans = PlanView.MOST_WEIGHTS / GROUPS + 2;
        for (int i = 1; i < plans; i++) {
            assertThat(view.share("web", "en")).hasValue(0.5);
            view.applyPlan(raw(large("large-" + i)));
        }
        assertThat(view.share("web", "en")).hasValue(0.5);
        view.applyCatalog(raw(new CatalogRun("web", "large-0", true, "test", "")));
        assertThat(view.share("web", "g7")).isEmpty();
        view.applyCatalog(raw(new CatalogRun("web", "large-" + (plans - 1), true, "test", "")));
        assertThat(view.share("web", "g7")).hasValue(1.0 / GROUPS);
    }

    @Test
    void noMoreRunsAreFollowedThanThereIsRoomFor() {
        for (int i = 0; i <= PlanView.MOST_RUNS; i++) {
            view.applyCatalog(raw(new CatalogRun("web", "run-" + i, true, "test", "")));
        }
        String last = "run-" + PlanView.MOST_RUNS;
        view.applyPlan(raw(plan(last, "en", 0.5)));
        assertThat(view.share("web", "en")).isEmpty();
        view.applyCatalog(raw(new CatalogRun("web", "run-0", false, "test", "")));
        view.applyCatalog(raw(new CatalogRun("web", last, true, "test", "")));
        assertThat(view.share("web", "en")).hasValue(0.5);
    }

    private static MixturePlan plan(String run, String group, double weight) {
        return plan(run, List.of(new GroupWeight(group, weight)));
    }

    private static MixturePlan large(String run) {
        return plan(
                run,
                IntStream.range(0, GROUPS)
                        .mapToObj(i -> new GroupWeight("g" + i, 1.0 / GROUPS))
                        .toList());
    }

    private static MixturePlan plan(String run, List<GroupWeight> weights) {
        return MixturePlan.newBuilder().setRunId(run).setWeights(weights).build();
    }

    private RawRecord raw(SpecificRecord value) {
        return new RawRecord("topic", 0, 0, "key", contract.encode(value));
    }
}
