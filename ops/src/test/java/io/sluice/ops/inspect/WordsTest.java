package io.sluice.ops.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.ops.inspect.AbsentGroup.Cause;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.CommandOutcome;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GovernorPhase;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupNews;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.TargetDeclaration;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/** What is told of groups that are out, of guards and of partial rounds. */
class WordsTest {

    private static final int FR = 1;
    private static final int STEP = 710;

    @Test
    void aGroupThatAnOperatorRetiredIsToldWithWhoAndWhyAndSinceWhen() {
        List<Entry> log = new ArrayList<>(TestingLog.entries());
        log.add(0, retires("c1", "fr"));
        log = changed(log, 2, d -> d.setAbsent(bits(FR)).setCommands(List.of(accepted("c1"))));
        log = changed(log, 3, d -> d.setAbsent(bits(FR)));
        log = changed(log, 4, d -> d.setAbsent(bits(FR)));
        assertThat(explain(log).absent())
                .extracting(AbsentGroup::group, AbsentGroup::cause, AbsentGroup::who)
                .containsExactly(tuple("fr", Cause.OPERATOR, "ana"));
        assertThat(ExplainText.of(explain(log), 20))
                .contains(
                        "Groups that are not in the mixture",
                        "  fr is out since step 303, by round 2: ana retired it, the licence ended (command c1).");
    }

    @Test
    void aGroupThatTheCatalogRetiredIsToldSo() {
        List<Entry> log =
                changed(TestingLog.entries(), 2, d -> d.setNews(news(CatalogGroupState.ACTIVE)));
        log = changed(log, 3, d -> d.setAbsent(bits(FR)).setNews(news(CatalogGroupState.RETIRED)));
        log = changed(log, 4, d -> d.setAbsent(bits(FR)).setNews(news(CatalogGroupState.RETIRED)));
        assertThat(ExplainText.of(explain(log), 20))
                .contains(
                        "  fr is out since round 3: the catalog announced that it takes part no more.");
    }

    @Test
    void aGroupThatAnotherCommandRetiredIsNotBlamedOnThisOne() {
        List<Entry> log = new ArrayList<>(TestingLog.entries());
        log.add(0, retires("c1", "web"));
        log = changed(log, 2, d -> d.setAbsent(bits(FR)).setCommands(List.of(accepted("c1"))));
        log = changed(log, 3, d -> d.setAbsent(bits(FR)));
        log = changed(log, 4, d -> d.setAbsent(bits(FR)));
        assertThat(ExplainText.of(explain(log), 20))
                .contains(
                        "fr is out since step 303, by round 2: what took it out is not in the log.");
    }

    @Test
    void aGroupThatCameBackIsNotTold() {
        List<Entry> log = changed(TestingLog.entries(), 2, d -> d.setAbsent(bits(FR)));
        assertThat(explain(log).absent()).isEmpty();
        assertThat(ExplainText.of(explain(log), 20)).doesNotContain("not in the mixture");
    }

    @Test
    void aGroupThatIsDeclaredForLaterIsOutUntilADecisionSaysOtherwise() {
        List<Entry> log = declaredDormant();
        assertThat(status(log.stream().filter(e -> e.topic() == Topic.RUNS).toList()).absent())
                .extracting(AbsentGroup::cause)
                .containsExactly(Cause.DECLARED);
        assertThat(status(log).absent()).as("round 6 has it").isEmpty();
        List<Entry> still = changed(log, 6, d -> d.setAbsent(bits(FR)));
        still.removeIf(e -> e.topic() == Topic.DECISIONS && e.offset() < 6);
        assertThat(StatusText.of(view(still)))
                .contains("  absent       fr is out: it was declared dormant.");
    }

    @Test
    void nothingIsToldOfGroupsByADecisionOfAnotherDeclaration() {
        List<Entry> log =
                changed(TestingLog.entries(), 6, d -> d.setAbsent(bits(FR)).setSpecDigest("older"));
        assertThat(status(log).absent()).isEmpty();
    }

    @Test
    void manyAbsentGroupsAreCounted() {
        List<AbsentGroup> many = new ArrayList<>();
        for (int j = 0; j < 11; j++) {
            many.add(
                    new AbsentGroup(
                            "g" + j,
                            Cause.DECLARED,
                            OptionalLong.empty(),
                            OptionalLong.empty(),
                            "",
                            "",
                            ""));
        }
        assertThat(AbsentWords.of(many)).hasSize(9).last().asString().startsWith("3 more groups");
    }

    @Test
    void missingReportersAreNamedInTheOrderOfTheirNames() {
        List<Entry> log = changed(TestingLog.entries(), 4, d -> d.setAbsentReporters(bits(1)));
        log.replaceAll(
                e ->
                        e.value() instanceof AttemptStarted started
                                ? with(
                                        e,
                                        AttemptStarted.newBuilder(started)
                                                .setReporters(List.of("rank-2", "rank-0", "rank-1"))
                                                .build())
                                : e);
        assertThat(ExplainText.of(explain(log), 20))
                .contains("it was decided on without 1 reporter of the attempt: rank-1.");
        log.removeIf(e -> e.value() instanceof AttemptStarted);
        assertThat(ExplainText.of(explain(log), 20))
                .contains("it was decided on without 1 reporter of the attempt.");
    }

    @Test
    void aPartialRoundIsMarkedInTheChainInHistoryAndInStatus() {
        List<Entry> log = changed(TestingLog.entries(), 6, d -> d.setAbsentReporters(bits(0, 2)));
        assertThat(ExplainText.of(explain(log), 20))
                .contains(
                        "Round 6 (through step 699) made plan 3 without 2 reporters for step 703 on");
        HistoryFold history = new HistoryFold(TestingLog.RUN, 20);
        log.forEach(history::add);
        assertThat(history.view(0).plans())
                .extracting(HistoryView.PlanLine::absentReporters)
                .containsExactly(0, 0, 2);
        assertThat(HistoryText.of(history.view(0)))
                .contains("6*", "* decided on without some reporters");
        assertThat(StatusText.lines(view(log)))
                .contains("round 6 made plan 3 without 2 reporters,");
    }

    @Test
    void aGovernorThatReturnedIsToldWithWhatItSaw() {
        List<Entry> log =
                changed(
                        TestingLog.entries(),
                        4,
                        d ->
                                d.setGovernor(GovernorPhase.RETURNED)
                                        .setRealisedProgress(0.01)
                                        .setPriorProgress(0.05)
                                        .setProgressError(0.002));
        assertThat(ExplainText.of(explain(log), 20))
                .contains(
                        "The governor has returned to the prior: over a window the loss fell by 0.0100 nats, where the prior"
                                + " would have achieved 0.0500 +/- 0.0020.");
        log = changed(TestingLog.entries(), 4, d -> d.setGovernor(GovernorPhase.WATCHING));
        assertThat(ExplainText.of(explain(log), 20)).doesNotContain("governor");
    }

    @Test
    void theWeightsOfTargetsAboveTheirCeilingsAreTheGuards() {
        RunSpec spec =
                RunSpec.newBuilder((RunSpec) TestingLog.entries().get(0).value())
                        .setTargets(
                                List.of(
                                        new TargetDeclaration("a", 0.25, 2.5),
                                        new TargetDeclaration("b", 0.75, 0.0)))
                        .build();
        Decision decision = Decision.newBuilder().setTargetPrices(List.of(0.5, 0.0)).build();
        GuardWork work = GuardWork.of(decision, Optional.of(spec));
        assertThat(work.prices()).containsExactly(new GuardWork.Price("a", 2.5, 0.5, 0.25, 0.5));
        assertThat(GuardWords.of(work))
                .containsExactly(
                        "Target a was above its ceiling of 2.5000 nats: a price of 0.500 raises its weight from 0.250 to 0.500.");
    }

    @Test
    void supplyThatBoundIsTold() {
        List<Entry> log =
                changed(TestingLog.entries(), 6, d -> d.setHeldBySupply(2).setRelaxation(1.25));
        assertThat(StatusText.of(view(log)))
                .contains(
                        "  guards       Repetition gave 2 groups a lower cap than declared",
                        "  guards       Supplies left no mixture: groups may be drawn 1.25 times as often");
    }

    @Test
    void aSupplyWithoutTokensOrWithoutALastEpochHasNoEnd() {
        SupplyLine empty = line(0, 0, 4);
        assertThat(empty.roundsLeft()).isEmpty();
        assertThat(SupplyWords.of(List.of(empty))).containsExactly("fr holds no tokens yet.");
        assertThat(SupplyWords.ending(List.of(empty))).isEmpty();
        assertThat(line(100, 1_000, 0).roundsLeft()).isEmpty();
        SupplyLine usedUp = line(100, 400, 4);
        assertThat(usedUp.roundsLeft()).hasValue(0);
        assertThat(SupplyWords.of(List.of(usedUp)).get(0)).endsWith("; it is used up.");
    }

    /** What a decision says of a group of which its round drew nothing. */
    private static SupplyLine line(long unique, long drawn, double maxEpochs) {
        RunSpec declared = (RunSpec) TestingLog.entries().get(0).value();
        List<GroupDeclaration> groups = new ArrayList<>(declared.getGroups());
        groups.set(FR, GroupDeclaration.newBuilder(groups.get(FR)).setMaxEpochs(maxEpochs).build());
        GroupNews told = new GroupNews(FR, CatalogGroupState.ACTIVE, unique, 7L, drawn);
        Decision decision = Decision.newBuilder().setNews(List.of(told)).build();
        return SupplyLine.of(decision, RunSpec.newBuilder(declared).setGroups(groups).build())
                .get(0);
    }

    @Test
    void statusTellsOfGroupsThatRunOutSoonAndOfNoOther() {
        assertThat(StatusText.of(view(supplied(6, 10_000, 35_000))))
                .contains(
                        "  supply       fr runs out in 5.0 rounds at the newest round's pace:"
                                + " 3.50 of at most 4.0 epochs are drawn.");
        assertThat(StatusText.of(view(supplied(6, 10_000, 40_001))))
                .contains("  supply       fr is used up: 4.00 of at most 4.0 epochs are drawn.");
        StatusView plenty = view(supplied(6, 100_000, 35_000));
        assertThat(plenty.runs().get(0).supply()).hasSize(1);
        assertThat(StatusText.of(plenty)).doesNotContain("supply");
    }

    @Test
    void theSupplyOfAGroupIsToldWithItsEpochsAndWhenItRunsOut() {
        assertThat(ExplainText.of(explain(supplied(4, 10_000, 15_000)), 20))
                .contains(
                        "Supply, as the catalog told it",
                        "  fr holds 10,000 unique tokens, and 15,000 were drawn: 1.50 epochs of at most 4.0;"
                                + " its next token is worth 0.968 of a fresh one; at the round's pace it runs out in"
                                + " 25.0 rounds.");
        assertThat(ExplainText.of(explain(TestingLog.entries()), 20)).doesNotContain("Supply,");
    }

    /** The log, in which a decision knew the supply of fr, of which up to four epochs are drawn. */
    private static List<Entry> supplied(int decision, long unique, long drawn) {
        RunSpec declared = (RunSpec) TestingLog.entries().get(0).value();
        List<GroupDeclaration> groups = new ArrayList<>(declared.getGroups());
        groups.set(FR, GroupDeclaration.newBuilder(groups.get(FR)).setMaxEpochs(4).build());
        RunSpec spec = RunSpec.newBuilder(declared).setGroups(groups).build();
        GroupNews told = new GroupNews(FR, CatalogGroupState.ACTIVE, unique, 7L, drawn);
        List<Entry> log = changed(TestingLog.entries(), decision, d -> d.setNews(List.of(told)));
        log.replaceAll(e -> e.value() instanceof RunSpec ? with(e, spec) : e);
        return log;
    }

    @Test
    void roundsThatPaceHeldAreCountedBeforeThePlan() {
        List<Entry> log = changed(TestingLog.entries(), 3, d -> d.setHold(HoldReason.DEAD_BAND));
        assertThat(ExplainText.of(explain(log), 20))
                .contains("Pace held 1 round since the plan before it");
        assertThat(ExplainText.of(explain(TestingLog.entries()), 20)).doesNotContain("Pace");
    }

    private static List<Entry> declaredDormant() {
        List<Entry> log = new ArrayList<>(TestingLog.entries());
        log.replaceAll(
                e -> {
                    if (!(e.value() instanceof RunSpec spec)) {
                        return e;
                    }
                    List<GroupDeclaration> groups = new ArrayList<>(spec.getGroups());
                    groups.set(
                            FR,
                            GroupDeclaration.newBuilder(groups.get(FR)).setDormant(true).build());
                    return with(e, RunSpec.newBuilder(spec).setGroups(groups).build());
                });
        return log;
    }

    private static Entry retires(String id, String group) {
        OperatorCommand command =
                OperatorCommand.newBuilder()
                        .setRunId(TestingLog.RUN)
                        .setId(id)
                        .setKind(CommandKind.RETIRE_GROUP)
                        .setGroups(List.of(group))
                        .build();
        return new Entry(Topic.CONTROL, 0, 0, TestingLog.START, TestingLog.RUN, command);
    }

    private static CommandOutcome accepted(String id) {
        return new CommandOutcome(
                id, CommandKind.RETIRE_GROUP, "ana", "the licence ended", true, "", -1L);
    }

    private static List<GroupNews> news(CatalogGroupState state) {
        return List.of(new GroupNews(FR, state, -1L, -1L, 0L));
    }

    private static ByteBuffer bits(int... places) {
        BitSet bits = new BitSet();
        for (int place : places) {
            bits.set(place);
        }
        return ByteBuffer.wrap(bits.toByteArray());
    }

    /** A log in which the decision on one round is another. */
    private static List<Entry> changed(
            List<Entry> log, long round, UnaryOperator<Decision.Builder> change) {
        List<Entry> other = new ArrayList<>(log);
        other.replaceAll(
                e ->
                        e.value() instanceof Decision decision && decision.getRound() == round
                                ? with(e, change.apply(Decision.newBuilder(decision)).build())
                                : e);
        return other;
    }

    private static Entry with(Entry entry, SpecificRecord value) {
        return new Entry(
                entry.topic(), entry.partition(), entry.offset(), entry.time(), entry.key(), value);
    }

    private static Explanation explain(List<Entry> log) {
        SealSearch search = new SealSearch(STEP);
        log.stream().filter(e -> e.topic() == Topic.SEALS).forEach(search::add);
        ExplainFold fold =
                new ExplainFold(
                        TestingLog.RUN, STEP, search.found().orElseThrow(), search.takenBack());
        log.forEach(fold::add);
        return fold.view();
    }

    private static RunView status(List<Entry> log) {
        return view(log).runs().get(0);
    }

    private static StatusView view(List<Entry> log) {
        StatusFold fold = new StatusFold();
        log.forEach(fold::add);
        return fold.view(TestingLog.START, 0);
    }
}
