package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ops.inspect.HistoryView.Outcome;
import io.sluice.ops.inspect.HistoryView.PlanLine;
import io.sluice.ops.inspect.HistoryView.Steps;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {

    @Test
    void tellsOnePlanALine() {
        Golden.check(HistoryText.of(history(20)), "history.txt");
    }

    @Test
    void knowsWhichStepsWereSealedWithAPlanAndWhichPlanWasRefused() {
        List<PlanLine> plans = history(20).plans();
        assertThat(plans).extracting(PlanLine::version).containsExactly(1L, 2L, 3L);
        assertThat(plans.get(0).sealed()).containsExactly(new Steps(1, 303, 504));
        assertThat(plans.get(1).sealed())
                .containsExactly(new Steps(1, 505, 720), new Steps(3, 600, 640));
        assertThat(plans.get(2).outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(plans.get(2).refusal()).isEqualTo("WRONG_BASE");
    }

    @Test
    void knowsTheLargestChangesFromThePlanThatWasReplaced() {
        PlanLine first = history(20).plans().get(0);
        assertThat(first.moved()).isEqualTo(3);
        assertThat(first.largest().get(0).group()).isEqualTo("web");
        assertThat(first.largest().get(0).from()).isEqualTo(0.5);
        assertThat(first.kl().orElseThrow()).isBetween(0.001, 0.0100001);
    }

    @Test
    void keepsTheNewestAndCountsAll() {
        HistoryView history = history(1);
        assertThat(history.published()).isEqualTo(3);
        assertThat(history.plans()).extracting(PlanLine::version).containsExactly(3L);
    }

    @Test
    void aPlanWhosePredecessorIsUnknownHasNoChanges() {
        HistoryFold fold = new HistoryFold(TestingLog.RUN, 20);
        TestingLog.replay(fold::add, Topic.PLANS);
        PlanLine first = fold.view(0).plans().get(0);
        assertThat(first.kl()).isEmpty();
        assertThat(first.outcome()).isEqualTo(Outcome.UNANSWERED);
        assertThat(HistoryText.of(fold.view(0))).contains("none, no answer");
    }

    @Test
    void aRunWithoutPlansHasThePrior() {
        assertThat(HistoryText.of(new HistoryFold("quiet", 20).view(0)))
                .isEqualToNormalizingNewlines(
                        "run quiet: no plan was published; the prior holds\n");
    }

    @Test
    void staysBoundedWithManyGroupsAndPlans() {
        RecentShares shares = new RecentShares();
        List<GroupWeight> weights = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            weights.add(new GroupWeight("g" + i, 1e-4));
        }
        for (int version = 0; version < 100; version++) {
            shares.put("digest " + version, Shares.of(weights));
        }
        assertThat(shares.get("digest 99")).isPresent();
        assertThat(shares.get("digest 70")).isPresent();
        assertThat(shares.get("digest 69")).isEmpty();
    }

    @Test
    void saysHowManyGroupsALineLeavesOut() {
        List<GroupWeight> before = new ArrayList<>();
        List<GroupWeight> after = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            before.add(new GroupWeight("g" + i, 1e-4));
            after.add(new GroupWeight("g" + i, 1e-4 * (1 + i)));
        }
        HistoryFold fold = new HistoryFold("wide", 20);
        fold.add(plan(1, "", before));
        fold.add(plan(2, "digest 1", after));
        assertThat(HistoryText.of(fold.view(0))).contains("g9999 +99.99", "and 9,996 more");
    }

    private static Entry plan(long version, String replaces, List<GroupWeight> weights) {
        MixturePlan plan =
                MixturePlan.newBuilder()
                        .setRunId("wide")
                        .setVersion(version)
                        .setReplaces(replaces)
                        .setWeights(weights)
                        .setDigest("digest " + version)
                        .build();
        return new Entry(Topic.PLANS, 0, version, TestingLog.START, "wide", plan);
    }

    private static HistoryView history(int last) {
        HistoryFold fold = new HistoryFold(TestingLog.RUN, last);
        TestingLog.replay(fold::add, Topic.RUNS, Topic.PLANS, Topic.ACKS, Topic.SEALS);
        return fold.view(0);
    }
}
