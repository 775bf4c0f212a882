package io.sluice.flink.candidate.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.candidate.admission.Need;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CatalogRun;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupNews;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
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

        assertThat(share("books", "a")).isEmpty();
    }

    @Test
    void theLargestShareOfTheRunsThatDrawCounts() {
        view.applyCatalog(raw(new CatalogRun("web", "a", true, "test", "")));
        view.applyCatalog(raw(new CatalogRun("web", "b", true, "test", "")));
        view.applyPlan(raw(plan("a", "en", 0.25)));
        view.applyPlan(raw(plan("b", "en", 0.5)));
        view.applyPlan(raw(plan("c", "en", 0.75)));
        assertThat(share("web", "en")).hasValue(0.5);
        view.applyCatalog(raw(new CatalogRun("web", "b", false, "test", "")));
        assertThat(share("web", "en")).hasValue(0.25);
        assertThat(share("web", "fr")).isEmpty();
    }

    @Test
    void aGroupThatIsOutOfTheMixtureIsNotPlanned() {
        view.applyCatalog(raw(new CatalogRun("web", "a", true, "test", "")));
        view.applyCatalog(raw(new CatalogRun("web", "b", true, "test", "")));
        view.applyPlan(raw(plan("a", "en", 0)));
        assertThat(share("web", "en")).isEmpty();
        view.applyPlan(raw(plan("b", "en", 0.25)));
        assertThat(share("web", "en")).hasValue(0.25);
    }

    @Test
    void thePlansThatNobodyAskedForAreForgottenFirst() {
        view.applyCatalog(raw(new CatalogRun("web", "followed", true, "test", "")));
        view.applyPlan(raw(plan("followed", "en", 0.5)));
        view.applyPlan(raw(large("large-0")));
        int plans = PlanView.MOST_WEIGHTS / GROUPS + 2;
        for (int i = 1; i < plans; i++) {
            assertThat(share("web", "en")).hasValue(0.5);
            view.applyPlan(raw(large("large-" + i)));
        }
        assertThat(share("web", "en")).hasValue(0.5);
        view.applyCatalog(raw(new CatalogRun("web", "large-0", true, "test", "")));
        assertThat(share("web", "g7")).isEmpty();
        view.applyCatalog(raw(new CatalogRun("web", "large-" + (plans - 1), true, "test", "")));
        assertThat(share("web", "g7")).hasValue(1.0 / GROUPS);
    }

    @Test
    void noMoreRunsAreFollowedThanThereIsRoomFor() {
        for (int i = 1; i <= PlanView.MOST_RUNS; i++) {
            view.applyCatalog(raw(new CatalogRun("web", "run-" + i, true, "test", "")));
        }
        String last = "run-" + PlanView.MOST_RUNS;
        view.applyPlan(raw(plan(last, "en", 0.5)));
        assertThat(share("web", "en")).isEmpty();
        view.applyCatalog(raw(new CatalogRun("web", "run-1", false, "test", "")));
        view.applyCatalog(raw(new CatalogRun("web", last, true, "test", "")));
        assertThat(share("web", "en")).hasValue(0.5);
    }

    @Test
    void whatARunHasDrawnIsThatOfItsLastDecision() {
        view.applyPlan(raw(plan("run", "books", 2)));
        view.applyDecision(raw(decision(1, 1, 300, 100)));
        assertThat(view.needs("books", "a")).containsExactly(new Need(0.25, 300, 400));
        assertThat(view.needs("books", "b")).containsExactly(new Need(0.75, 100, 400));

        view.applyDecision(raw(decision(1, 1, 600, 200)));
        view.applyPlan(raw(plan("run", "books", 3)));
        assertThat(view.needs("books", "a")).containsExactly(new Need(0.25, 600, 800));

        // The attempt that follows goes back to a checkpoint.
        view.applyDecision(raw(decision(1, 2, 450, 150)));
        view.applyDecision(raw(decision(1, 1, 700, 300)));
        assertThat(view.needs("books", "a")).containsExactly(new Need(0.25, 450, 600));
    }

    @Test
    void decisionsOfAFencedControllerTellNothing() {
        view.applyPlan(raw(plan("run", "books", 2)));
        view.applyDecision(raw(decision(5, 1, 300, 100)));
        view.applyDecision(raw(decision(4, 1, 900, 900)));

        assertThat(view.needs("books", "a")).containsExactly(new Need(0.25, 300, 400));
    }

    @Test
    void whatWasDrawnUnderAnotherDeclarationIsNotMistakenForThis() {
        view.applyPlan(raw(plan("run", "books", 2)));
        Decision decision = decision(1, 1, 300, 100);
        view.applyDecision(raw(Decision.newBuilder(decision).setSpecDigest("other").build()));
        assertThat(view.needs("books", "a")).containsExactly(Need.of(0.25));

        view.applyDecision(raw(decision));
        view.applyPlan(raw(plan("run", "other", 3)));
        assertThat(view.needs("books", "a")).containsExactly(Need.of(0.25));
    }

    @Test
    void aDecisionThatTellsWhatCannotBeChangesNothing() {
        view.applyPlan(raw(plan("run", "books", 2)));
        Decision wrong = decision(1, 1, -5, 100);
        wrong.getNews().add(new GroupNews(7, CatalogGroupState.ACTIVE, 1L, 1L, 50L));
        view.applyDecision(raw(wrong));
        assertThat(view.needs("books", "a")).containsExactly(new Need(0.25, 0, 100));
        view.applyDecision(new RawRecord("topic", 0, 0, "run", new byte[] {1, 2, 3}));
        assertThat(view.needs("books", "a")).containsExactly(new Need(0.25, 0, 100));
    }

    private OptionalDouble share(String catalog, String group) {
        return view.needs(catalog, group).stream().mapToDouble(Need::share).max();
    }

    /** A decision with what was drawn of groups a and b. */
    private static Decision decision(long epoch, long attempt, long a, long b) {
        return Decision.newBuilder()
                .setRunId("run")
                .setSpecDigest("books")
                .setEpoch(epoch)
                .setAttempt(attempt)
                .setGroups(List.of(group(0), group(1)))
                .setNews(
                        new ArrayList<>(
                                List.of(
                                        new GroupNews(0, CatalogGroupState.ACTIVE, 1L, 1L, a),
                                        new GroupNews(1, CatalogGroupState.ACTIVE, 1L, 1L, b))))
                .build();
    }

    private static GroupDecision group(int index) {
        return GroupDecision.newBuilder().setIndex(index).build();
    }

    private static MixturePlan plan(String run, String specDigest, long version) {
        return MixturePlan.newBuilder()
                .setRunId(run)
                .setSpecDigest(specDigest)
                .setVersion(version)
                .setWeights(List.of(new GroupWeight("a", 0.25), new GroupWeight("b", 0.75)))
                .build();
    }

    private void assertFollowed(double share) {
        assertThat(share("books", "a")).hasValue(share);
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
