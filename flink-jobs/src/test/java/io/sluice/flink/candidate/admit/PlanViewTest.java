package io.sluice.flink.candidate.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanViewTest {

    private static final int GROUPS = 10_000;
    private static final Contract CONTRACT = new Contract();

    private final PlanView view = new PlanView(CONTRACT);

    @BeforeEach
    void follow() {
        view.applyCatalog(
                raw(
                        CatalogRun.newBuilder()
                                .setCatalog("books")
                                .setRunId("run")
                                .setDraws(true)
                                .build()));
    }

    @Test
    void theNewestPlanOfTheNewestAttemptIsFollowed() {
        view.applyPlan(raw(plan(3, 1, 2, 0.25)));
        assertFollowed(0.25);
        view.applyPlan(raw(plan(3, 1, 3, 0.5)));
        assertFollowed(0.5);
        view.applyPlan(raw(plan(3, 1, 3, 0.75)));
        view.applyPlan(raw(plan(3, 1, 2, 0.75)));
        assertFollowed(0.5);
        view.applyPlan(raw(plan(3, 2, 1, 0.125)));
        view.applyPlan(raw(plan(3, 1, 9, 0.75)));
        assertFollowed(0.125);
    }

    @Test
    void aControllerThatANewerOneHasFencedIsNotFollowed() {
        view.applyPlan(raw(plan(4, 1, 2, 0.25)));
        view.applyPlan(raw(plan(3, 1, 3, 0.75)));
        view.applyPlan(raw(plan(3, 2, 1, 0.75)));

        assertFollowed(0.25);
    }

    @Test
    void anAnswerToTheNewestPlanSaysWhichMixtureIsInForce() {
        view.applyPlan(raw(plan(3, 1, 2, 0.25)));
        view.applyPlan(raw(plan(3, 1, 3, 0.5)));

        view.applyAck(raw(ack(1, 2, plan(3, 1, 2, 0.25))));
        assertFollowed(0.5);

        view.applyAck(raw(ack(1, 3, plan(-1, 1, 7, 0.125))));
        assertFollowed(0.125);
        view.applyPlan(raw(plan(3, 1, 4, 0.75)));
        assertFollowed(0.125);
        view.applyPlan(raw(plan(3, 1, 8, 0.375)));
        assertFollowed(0.375);
    }

    @Test
    void anAnswerOfAnOlderAttemptChangesNothing() {
        view.applyPlan(raw(plan(3, 2, 1, 0.25)));

        view.applyAck(raw(ack(1, 9, plan(3, 1, 9, 0.75))));

        assertFollowed(0.25);
    }

    @Test
    void whatIsNoPlanIsPassedOver() {
        view.applyPlan(new RawRecord("topic", 0, 0, "run", new byte[] {1, 2, 3}));
        view.applyAck(raw(plan(3, 1, 1, 0.25)));

        assertThat(view.share("books", "a")).isEmpty();
    }

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
    void aGroupThatIsOutOfTheMixtureIsNotPlanned() {
        view.applyCatalog(raw(new CatalogRun("web", "a", true, "test", "")));
        view.applyCatalog(raw(new CatalogRun("web", "b", true, "test", "")));
        view.applyPlan(raw(plan("a", "en", 0)));
        assertThat(view.share("web", "en")).isEmpty();
        view.applyPlan(raw(plan("b", "en", 0.25)));
        assertThat(view.share("web", "en")).hasValue(0.25);
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
        for (int i = 1; i <= PlanView.MOST_RUNS; i++) {
            view.applyCatalog(raw(new CatalogRun("web", "run-" + i, true, "test", "")));
        }
        String last = "run-" + PlanView.MOST_RUNS;
        view.applyPlan(raw(plan(last, "en", 0.5)));
        assertThat(view.share("web", "en")).isEmpty();
        view.applyCatalog(raw(new CatalogRun("web", "run-1", false, "test", "")));
        view.applyCatalog(raw(new CatalogRun("web", last, true, "test", "")));
        assertThat(view.share("web", "en")).hasValue(0.5);
    }

    private void assertFollowed(double share) {
        assertThat(view.share("books", "a")).hasValue(share);
    }

    private static PlanAck ack(long attempt, long offered, MixturePlan inForce) {
        return PlanAck.newBuilder()
                .setRunId("run")
                .setAttempt(attempt)
                .setOfferedVersion(offered)
                .setOfferedEpoch(3)
                .setVerdict(AckVerdict.WRONG_BASE)
                .setInForce(inForce)
                .build();
    }

    private static MixturePlan plan(long epoch, long attempt, long version, double share) {
        return MixturePlan.newBuilder()
                .setRunId("run")
                .setEpoch(epoch)
                .setAttempt(attempt)
                .setVersion(version)
                .setWeights(List.of(new GroupWeight("a", share), new GroupWeight("b", 1 - share)))
                .build();
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

    private static RawRecord raw(SpecificRecord record) {
        return new RawRecord("topic", 0, 0, "run", CONTRACT.encode(record));
    }
}
