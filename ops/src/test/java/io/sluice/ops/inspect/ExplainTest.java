package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.ops.inspect.Explanation.Origin;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDecision;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.Seal;
import io.sluice.schemas.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class ExplainTest {

    @Test
    void tellsThePlanItsDecisionItsGuardsAndWhatWasDecidedSince() {
        Golden.check(ExplainText.of(explain(710), 20), "explain-710.txt");
    }

    @Test
    void tellsOfAPlanThatACheckpointCarriedIntoANewAttempt() {
        Golden.check(ExplainText.of(explain(620), 2), "explain-620.txt");
    }

    @Test
    void tellsThatThePriorHoldsAndWhichRoundsWereHeld() {
        Golden.check(ExplainText.of(explain(250), 20), "explain-250.txt");
    }

    @Test
    void hasTheSameFactsAsJson() {
        Golden.check(ViewJson.pretty(explain(710)), "explain-710.json");
    }

    @Test
    void takesTheNewestAttemptThatTookTheStep() {
        assertThat(explain(599).plan().attempt()).isEqualTo(1);
        assertThat(explain(600).plan().attempt()).isEqualTo(3);
        assertThat(explain(600).takenBack()).containsExactly(new Explanation.TakenBack(1, 2));
        assertThat(explain(641).plan().attempt()).isEqualTo(1);
        assertThat(explain(641).takenBack()).isEmpty();
    }

    @Test
    void findsNoSealWhereNoneIs() {
        SealSearch search = new SealSearch(721);
        TestingLog.replay(search::add, Topic.SEALS);
        assertThat(search.found()).isEmpty();
        assertThat(search.last()).map(SealedSteps::through).contains(640L);
    }

    @Test
    void retracesEveryGuardFromTheProposalToTheDecision() {
        Explanation why = explain(710);
        Explanation.Guards guards = why.guards().orElseThrow();
        assertThat(guards.fraction()).isBetween(0.01, 0.99);
        assertThat(guards.decidedKl()).isCloseTo(0.01, within(1e-9));
        assertThat(guards.proposedKl().orElseThrow())
                .isGreaterThan(guards.pulledKl().orElseThrow());
        assertThat(guards.pulledKl().orElseThrow()).isGreaterThan(guards.boxedKl().orElseThrow());
        Explanation.Group es = why.groups().get(0);
        assertThat(es.proposed()).hasValue(0.9);
        assertThat(es.pulled().orElseThrow()).isBetween(0.5, 0.9);
        assertThat(es.boxed()).hasValue(0.35);
        assertThat(es.now().orElseThrow()).isCloseTo(0.35, within(1e-9));
        assertThat(why.groups().stream().mapToDouble(g -> g.now().orElseThrow()).sum())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void leavesTheWayOutThatItCannotRetrace() {
        Explanation why = explain(710, ExplainTest::decidedOtherwise);
        assertThat(why.guards().orElseThrow().proposedKl()).isEmpty();
        assertThat(why.groups()).allMatch(group -> group.pulled().isEmpty());
        assertThat(ExplainText.of(why, 20)).contains("cannot be retraced");
    }

    @Test
    void tellsHoldsBeforeAndAfterThePlanWithTheBridgesAnswer() {
        Explanation why = explain(710);
        assertThat(why.before().decisions())
                .extracting(link -> link.decision().hold())
                .containsExactly(HoldReason.THIN_TARGET);
        assertThat(why.after().decisions())
                .extracting(link -> link.decision().round())
                .containsExactly(5L, 6L);
        assertThat(why.after().decisions().get(1).answer()).contains(AckVerdict.WRONG_BASE);
        assertThat(explain(560).after().decisions()).isEmpty();
    }

    @Test
    void saysSoWhenTheDecisionHasLeftTheLog() {
        Explanation why = explain(710, entry -> entry.topic() == Topic.DECISIONS ? null : entry);
        assertThat(why.decision()).isEmpty();
        assertThat(why.plan().origin()).isEqualTo(Origin.DECIDED);
        assertThat(why.groups()).allMatch(group -> group.now().isPresent());
        assertThat(why.groups().get(0).before()).isNotEqualTo(OptionalDouble.empty());
        assertThat(ExplainText.of(why, 20)).contains("not in the log any more");
    }

    @Test
    void aDecisionThatIsInTheLogTwiceCountsOnce() {
        List<Entry> twice = new ArrayList<>(TestingLog.entries());
        twice.addAll(TestingLog.entries());
        assertThat(explain(710, twice)).isEqualTo(explain(710));
    }

    @Test
    void showsTheLargestChangesOfManyGroupsAndHowManyItLeavesOut() {
        List<GroupWeight> weights = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            weights.add(new GroupWeight("g" + i, 1e-4));
        }
        String text =
                ExplainText.of(
                        explain(
                                710,
                                entry ->
                                        entry.value() instanceof Seal seal
                                                ? with(
                                                        entry,
                                                        Seal.newBuilder(seal)
                                                                .setWeights(weights)
                                                                .build())
                                                : entry),
                        5);
        // The three declared groups are not in these seals, and are shown nevertheless.
        assertThat(text).contains("the 5 with the largest changes (9,998 left out: --top)");
        assertThat(text.lines()).hasSizeLessThan(60);
    }

    @Test
    void namesInTheLogCannotCommandTheTerminal() throws Exception {
        Explanation why =
                explain(
                        710,
                        entry ->
                                entry.value() instanceof Decision decision
                                                && decision.getHold() != HoldReason.NONE
                                        ? with(
                                                entry,
                                                Decision.newBuilder(decision)
                                                        .setHoldMessage("\u001b[2Jgone")
                                                        .build())
                                        : entry);
        assertThat(ExplainText.of(why, 20)).doesNotContain("\u001b").contains("?[2Jgone");
        JsonNode json = new ObjectMapper().readTree(ViewJson.line(why));
        assertThat(json.at("/before/decisions/0/decision/message").asText())
                .isEqualTo("\u001b[2Jgone");
    }

    private static Explanation explain(long step) {
        return explain(step, TestingLog.entries());
    }

    /** Explains a log in which some records are others; a null stands for none. */
    private static Explanation explain(long step, UnaryOperator<Entry> change) {
        List<Entry> changed = new ArrayList<>();
        for (Entry entry : TestingLog.entries()) {
            Entry other = change.apply(entry);
            if (other != null) {
                changed.add(other);
            }
        }
        return explain(step, changed);
    }

    private static Explanation explain(long step, List<Entry> log) {
        SealSearch search = new SealSearch(step);
        log.stream().filter(entry -> entry.topic() == Topic.SEALS).forEach(search::add);
        ExplainFold fold =
                new ExplainFold(
                        TestingLog.RUN, step, search.found().orElseThrow(), search.takenBack());
        log.forEach(fold::add);
        return fold.view();
    }

    private static Entry decidedOtherwise(Entry entry) {
        if (!(entry.value() instanceof Decision decision)) {
            return entry;
        }
        Decision other =
                Decision.newBuilder(decision)
                        .setGroups(
                                decision.getGroups().stream()
                                        .map(
                                                group ->
                                                        GroupDecision.newBuilder(group)
                                                                .setDecided(
                                                                        0.99 * group.getDecided())
                                                                .build())
                                        .toList())
                        .build();
        return with(entry, other);
    }

    private static Entry with(Entry entry, SpecificRecord value) {
        return new Entry(
                entry.topic(), entry.partition(), entry.offset(), entry.time(), entry.key(), value);
    }
}
