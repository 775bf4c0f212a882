package io.sluice.flink.mixture.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.control.Overrides;
import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.flink.candidate.TestingTopicLog;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.mixture.StageEventLayout;
import io.sluice.flink.testing.StageHarness;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.AckVerdict;
import io.sluice.schemas.BasisKind;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.CommandOutcome;
import io.sluice.schemas.Decision;
import io.sluice.schemas.Digests;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupNews;
import io.sluice.schemas.GroupSupply;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.PlanLabel;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RunSpec;
import io.sluice.schemas.StandingCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DecisionFunctionTest {

    private static final long FIRST_EPOCH = 7;
    private static final StageEvent.Origin ORIGIN =
            new StageEvent.Origin("sluice.telemetry", 3, 42);

    private final TestingRun run = TestingRun.ofShards(1);
    private final List<String> claimants = new ArrayList<>();
    private final TestingTopicLog catalogs = new TestingTopicLog();
    private final TestingTopicLog supplies = new TestingTopicLog();
    private StageHarness<String, StageEvent, OutboundRecord> decision;

    /** Hands out one epoch, as the topic of claims would. */
    private record TestingClaim(long epoch) implements EpochClaim {
        private static final long serialVersionUID = 1;

        @Override
        public long claim(String controller) {
            return epoch;
        }
    }

    @BeforeEach
    void open() throws Exception {
        decision =
                new StageHarness<>(
                        () -> {
                            claimants.add("claim");
                            return new DecisionFunction(
                                    TestingRun.OPTIONS,
                                    new TestingClaim(FIRST_EPOCH + claimants.size() - 1),
                                    catalogs,
                                    supplies);
                        },
                        new HashMapStateBackend(),
                        StageEvent::runId,
                        Types.STRING,
                        StageEventLayout.INSTANCE,
                        OutboundRecordLayout.INSTANCE);
    }

    @AfterEach
    void close() throws Exception {
        decision.close();
    }

    @Test
    void thePlanGoesBeforeItsDecisionAndCarriesTheEpoch() throws Exception {
        start(run, 5);
        decision.send(reduced(run, 5, 0, 0));

        List<OutboundRecord> outputs = decision.takeOutputs();
        assertThat(outputs)
                .extracting(OutboundRecord::topic)
                .containsExactly("sluice.plans", "sluice.decisions");
        assertThat(outputs).extracting(OutboundRecord::key).containsOnly(TestingRun.RUN);
        MixturePlan plan = (MixturePlan) decode(outputs.get(0));
        Decision decided = (Decision) decode(outputs.get(1));
        assertThat(plan.getEpoch()).isEqualTo(FIRST_EPOCH);
        assertThat(plan.getAttempt()).isEqualTo(5);
        assertThat(plan.getVersion()).isEqualTo(1);
        assertThat(plan.getReplaces()).isEqualTo(run.prior().getDigest());
        assertThat(plan.getEffectiveStep()).isEqualTo(11);
        assertThat(plan.getDigest()).isEqualTo(Digests.of(plan));
        assertThat(plan.getWeights().get(0).getWeight()).isGreaterThan(0.5);
        assertThat(decided.getEpoch()).isEqualTo(FIRST_EPOCH);
        assertThat(decided.getPlanDigest()).isEqualTo(plan.getDigest());
        assertThat(decided.getHold()).isEqualTo(HoldReason.NONE);
        assertThat(decision.count("plans")).isEqualTo(1);
        assertThat(decision.count("decisions")).isEqualTo(1);
    }

    @Test
    void aRoundThatIsHeldHasADecisionAndNoPlan() throws Exception {
        start(run, 5);
        decision.send(
                new StageEvent.Reduced(
                        new ShardRound(
                                TestingRun.RUN,
                                run.declared().getDigest(),
                                5,
                                0,
                                0,
                                0,
                                9,
                                ShardRound.Status.INCOMPLETE,
                                List.of(),
                                List.of(),
                                List.of(),
                                0,
                                ShardRound.Counts.ZERO),
                        Optional.of(ORIGIN)));

        List<OutboundRecord> outputs = decision.takeOutputs();
        assertThat(outputs).hasSize(1);
        Decision held = (Decision) decode(outputs.get(0));
        assertThat(held.getHold()).isEqualTo(HoldReason.INCOMPLETE);
        assertThat(held.getPlanVersion()).isEqualTo(-1);
        assertThat(held.getHoldMessage()).isNotEmpty();
        assertThat(decision.count("plans")).isZero();
    }

    @Test
    void theFirstAnnouncementOfAnAttemptCounts() throws Exception {
        TestingRun two = TestingRun.ofShards(2);
        start(two, 5);
        decision.send(reduced(two, 5, 0, 0));
        assertThat(decision.takeOutputs()).isEmpty();
        start(two, 5);
        decision.send(reduced(two, 5, 0, 1));
        assertThat(plans()).extracting(MixturePlan::getVersion).containsExactly(1L);

        start(two, 5);
        start(two, 4);
        decision.send(reduced(two, 5, 1, 1));
        decision.send(reduced(two, 5, 1, 0));
        assertThat(plans()).extracting(MixturePlan::getVersion).containsExactly(2L);
    }

    @Test
    void aNewAttemptBeginsWhereItResumesOnItsOwnPlan() throws Exception {
        start(run, 5);
        decision.send(reduced(run, 5, 0, 0));
        decision.takeOutputs();
        decision.send(new StageEvent.Started(run.spec(), run.attempt(9, 20, "r0"), ORIGIN));

        decision.send(reduced(run, 5, 1, 0));
        assertThat(decision.takeOutputs()).isEmpty();
        decision.send(reduced(run, 9, 2, 0));
        List<MixturePlan> plans = plans();
        assertThat(plans).extracting(MixturePlan::getVersion).containsExactly(1L);
        assertThat(plans).extracting(MixturePlan::getRound).containsExactly(2L);
        assertThat(plans).extracting(MixturePlan::getAttempt).containsExactly(9L);
    }

    @Test
    void anAttemptFromASavedCheckpointGoesOnWithTheStatisticsOfThatTime() throws Exception {
        start(run, 5);
        decision.send(new StageEvent.Saved(TestingRun.RUN, 5, 20, Optional.of(ORIGIN)));
        decision.send(new StageEvent.Saved(TestingRun.RUN, 4, 70, Optional.of(ORIGIN)));
        for (long round = 0; round < 10; round++) {
            decision.send(reduced(run, 5, round, 0));
        }
        decision.restart();
        decision.takeOutputs();

        decision.send(new StageEvent.Started(run.spec(), run.attempt(9, 20, "r0"), ORIGIN));
        decision.send(reduced(run, 9, 2, 0));

        Decision first = decisions().get(0);
        assertThat(first.getBasis()).isEqualTo(BasisKind.RETURNED);
        assertThat(first.getBasisRound()).isEqualTo(2);

        decision.send(new StageEvent.Started(run.spec(), run.attempt(10, 0, "r0"), ORIGIN));
        decision.send(reduced(run, 10, 0, 0));
        assertThat(decisions().get(0).getBasis()).isEqualTo(BasisKind.RESET);
    }

    @Test
    void whatEarlierAttemptsCountedStaysInTheTotals() throws Exception {
        TestingRun two = TestingRun.ofShards(2);
        start(two, 5);
        decision.send(left(two, 9, 30));
        decision.restart();
        decision.send(left(two, 9, 12));
        decision.send(reduced(two, 9, 0, 0));
        decision.send(reduced(two, 9, 0, 1));

        Decision first = decisions().get(0);
        assertThat(first.getTotalAccepted() - first.getAccepted()).isEqualTo(42);
        assertThat(first.getLineage()).isEqualTo(first.getAccepted());
    }

    /** What a shard makes of a new attempt, having counted so many signals in the one before. */
    private static StageEvent left(TestingRun of, long attempt, long counted) {
        return new StageEvent.Started(
                of.spec(),
                of.attempt(attempt, 0, "r0"),
                new ShardRound.Counts(counted, 0, 0),
                Optional.of(ORIGIN));
    }

    @Test
    void aRefusalMovesTheControllerToThePlanInForce() throws Exception {
        start(run, 5);
        decision.send(reduced(run, 5, 0, 0));
        MixturePlan refused = plans().get(0);
        MixturePlan inForce = run.plan(40, "other", 0.25, 0.25, 0.5);
        acknowledge(refused, AckVerdict.WRONG_BASE, inForce);
        assertThat(decision.takeOutputs()).isEmpty();

        decision.send(reduced(run, 5, 1, 0));

        MixturePlan next = plans().get(0);
        assertThat(next.getVersion()).isEqualTo(41);
        assertThat(next.getReplaces()).isEqualTo(inForce.getDigest());
    }

    @Test
    void anAcceptanceAndAnAnswerToAnOlderPlanChangeNothing() throws Exception {
        start(run, 5);
        decision.send(reduced(run, 5, 0, 0));
        MixturePlan first = plans().get(0);
        acknowledge(first, AckVerdict.ACCEPTED, first);
        decision.send(reduced(run, 5, 1, 0));
        MixturePlan second = plans().get(0);
        assertThat(second.getReplaces()).isEqualTo(first.getDigest());

        acknowledge(first, AckVerdict.STALE_VERSION, run.plan(40, "other", 0.25, 0.25, 0.5));
        decision.send(reduced(run, 5, 2, 0));

        assertThat(plans().get(0).getReplaces()).isEqualTo(second.getDigest());
    }

    @Test
    void aRestoredControllerGoesOnWithRisingVersionsUnderANewEpoch() throws Exception {
        start(run, 5);
        decision.send(reduced(run, 5, 0, 0));
        MixturePlan before = plans().get(0);

        decision.restart();
        start(run, 5);
        decision.send(reduced(run, 5, 0, 0));
        assertThat(decision.takeOutputs()).isEmpty();
        decision.send(reduced(run, 5, 1, 0));

        MixturePlan after = plans().get(0);
        assertThat(claimants).hasSize(2);
        assertThat(after.getEpoch()).isEqualTo(FIRST_EPOCH + 1);
        assertThat(after.getVersion()).isEqualTo(2);
        assertThat(after.getReplaces()).isEqualTo(before.getDigest());
    }

    @Test
    void aRestartChangesNoMixture() throws Exception {
        List<List<io.sluice.schemas.GroupWeight>> expected = weights(false);

        assertThat(expected).hasSize(4);
        assertThat(weights(true)).isEqualTo(expected);
    }

    /** The mixtures of four rounds whose shards report one after the other. */
    private List<List<io.sluice.schemas.GroupWeight>> weights(boolean restarts) throws Exception {
        close();
        open();
        TestingRun two = TestingRun.ofShards(2);
        start(two, 5);
        List<List<io.sluice.schemas.GroupWeight>> weights = new ArrayList<>();
        for (long round = 0; round < 4; round++) {
            for (int shard = 0; shard < 2; shard++) {
                decision.send(reduced(two, 5, round, shard));
                if (restarts) {
                    decision.restart();
                }
            }
            plans().forEach(plan -> weights.add(plan.getWeights()));
        }
        return weights;
    }

    private void start(TestingRun of, long attempt) throws Exception {
        decision.send(new StageEvent.Started(of.spec(), of.attempt(attempt, 0, "r0"), ORIGIN));
    }

    private void acknowledge(MixturePlan offered, AckVerdict verdict, MixturePlan inForce)
            throws Exception {
        decision.send(
                new StageEvent.Acknowledged(
                        FromContract.ack(run.ack(5, offered, verdict, inForce).build()),
                        Optional.of(ORIGIN)));
    }

    private List<MixturePlan> plans() throws Exception {
        List<MixturePlan> plans = new ArrayList<>();
        for (OutboundRecord output : decision.takeOutputs()) {
            if (decode(output) instanceof MixturePlan plan) {
                plans.add(plan);
            }
        }
        return plans;
    }

    private List<Decision> decisions() throws Exception {
        List<Decision> decisions = new ArrayList<>();
        for (OutboundRecord output : decision.takeOutputs()) {
            if (decode(output) instanceof Decision decided) {
                decisions.add(decided);
            }
        }
        return decisions;
    }

    @Test
    void aCommandIsConfirmedByTheNextDecisionAndUndone() throws Exception {
        start(run, 5);
        decision.send(commanded(pin("c-1", 0.125)));
        decision.restart();
        decision.send(commanded(pin("c-1", 0.125)));
        decision.send(reduced(run, 5, 0, 0));

        List<OutboundRecord> outputs = decision.takeOutputs();
        MixturePlan plan = (MixturePlan) decode(outputs.get(0));
        Decision decided = (Decision) decode(outputs.get(1));
        assertThat(plan.getLabel()).isEqualTo(PlanLabel.PIN);
        assertThat(plan.getWeights().get(1).getWeight()).isEqualTo(0.125);
        assertThat(decided.getCommands())
                .containsExactly(
                        CommandOutcome.newBuilder()
                                .setId("c-1")
                                .setKind(CommandKind.PIN)
                                .setWho("ana")
                                .setWhy("a test")
                                .setAccepted(true)
                                .build());
        assertThat(decided.getStanding())
                .containsExactly(
                        StandingCommand.newBuilder().setId("c-1").setKind(CommandKind.PIN).build());

        decision.send(commanded(TestingRun.command("c-2", CommandKind.UNPIN).build()));
        decision.send(reduced(run, 5, 1, 0));

        Decision undone = decisions().get(0);
        assertThat(undone.getCommands()).extracting(CommandOutcome::getId).containsExactly("c-2");
        assertThat(undone.getStanding()).isEmpty();
    }

    @Test
    void aRefusedCommandSaysWhyAndChangesNothing() throws Exception {
        start(run, 5);
        decision.send(commanded(pin("c-1", 0.995)));
        decision.send(reduced(run, 5, 0, 0));

        Decision decided = decisions().get(0);
        assertThat(decided.getStanding()).isEmpty();
        CommandOutcome outcome = decided.getCommands().get(0);
        assertThat(outcome.getAccepted()).isFalse();
        assertThat(outcome.getMessage()).startsWith("no mixture fits: floors sum to 1.015");
    }

    @Test
    void commandsBeyondThoseThatMayWaitAreTurnedAway() throws Exception {
        start(run, 5);
        for (int i = 0; i <= Overrides.MAX_WAITING; i++) {
            decision.send(commanded(TestingRun.command("c-" + i, CommandKind.FREEZE).build()));
        }

        List<Rejected> rejects = decision.takeRejects();
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0).getReason()).isEqualTo(RejectReason.INVALID_COMMAND);
        assertThat(rejects.get(0).getOffset()).isEqualTo(42);
        assertThat(decision.rejected("invalid_command")).isEqualTo(1);
    }

    @Test
    void nothingOfAnEndedRunStaysOnceEveryShardHasSaidSo() throws Exception {
        TestingRun sharded = TestingRun.ofShards(2);
        start(sharded, 5);
        decision.send(reduced(sharded, 5, 0, 0));
        decision.send(reduced(sharded, 5, 0, 1));
        assertThat(decisions()).hasSize(1);
        assertThat(decision.stored()).isPositive();

        decision.send(new StageEvent.Ended(TestingRun.RUN, 5));
        decision.restart();
        decision.send(reduced(sharded, 5, 1, 1));
        assertThat(decision.stored()).isPositive();
        decision.send(new StageEvent.Ended(TestingRun.RUN, 5));

        assertThat(decision.stored()).isZero();
        assertThat(decisions()).isEmpty();
    }

    @Test
    void theEndOfAnAttemptThatWasFollowedEndsNothing() throws Exception {
        start(run, 5);
        start(run, 6);
        int before = decision.stored();

        decision.send(new StageEvent.Ended(TestingRun.RUN, 5));

        assertThat(decision.stored()).isEqualTo(before);
    }

    @Test
    void aGroupThatItsCatalogAnnouncesComesAndItsSupplyIsReckonedWith() throws Exception {
        TestingRun books = TestingRun.of(waiting(TestingRun.declaration().setCatalog("books")));
        start(books, 5);
        announce("books", "pt", CatalogGroupState.ACTIVE);
        announce("others", "es", CatalogGroupState.RETIRED);
        supplies.add("books:pt", supply("pt", 4_096, 9));
        supplies.add("books:pt", supply("pt", 1, 8));
        supplies.add("books:pt", new byte[] {1, 2, 3});

        decision.send(reduced(books, 5, 0, 0));

        Decision decided = decisions().get(0);
        assertThat(decided.getAbsent().remaining()).isZero();
        assertThat(decided.getNews())
                .containsExactly(new GroupNews(2, CatalogGroupState.ACTIVE, 4_096L, 9L, 1_000L));
        assertThat(decided.getGroups().get(1).getDecided()).isPositive();
    }

    @Test
    void aCatalogThatCannotBeReadChangesNothingAndIsAskedAgain() throws Exception {
        TestingRun books = TestingRun.of(waiting(TestingRun.declaration().setCatalog("books")));
        catalogs.setAway(true);
        announce("books", "pt", CatalogGroupState.ACTIVE);
        start(books, 5);
        decision.send(reduced(books, 5, 0, 0));
        assertThat(decisions().get(0).getAbsent().array()).containsExactly(4);

        catalogs.setAway(false);
        decision.setTime(60_000);
        decision.send(reduced(books, 5, 1, 0));
        Decision come = decisions().get(0);
        assertThat(come.getAbsent().remaining()).isZero();
        assertThat(come.getGroups().get(2).getDecided()).isEqualTo(0.25);

        decision.restart();
        catalogs.setAway(true);
        decision.send(reduced(books, 5, 2, 0));
        assertThat(decisions().get(0).getNews()).hasSize(1);
    }

    private void announce(String catalog, String group, CatalogGroupState state) {
        catalogs.add(
                catalog,
                CatalogGroup.newBuilder()
                        .setCatalog(catalog)
                        .setGroup(group)
                        .setState(state)
                        .build());
    }

    private static GroupSupply supply(String group, long tokens, long version) {
        return GroupSupply.newBuilder()
                .setCatalog("books")
                .setGroup(group)
                .setUniqueTokens(tokens)
                .setVersion(version)
                .build();
    }

    private static RunSpec.Builder waiting(RunSpec.Builder declaration) {
        List<GroupDeclaration> groups = new ArrayList<>(declaration.getGroups());
        groups.set(2, GroupDeclaration.newBuilder(groups.get(2)).setDormant(true).build());
        return declaration.setGroups(groups);
    }

    private static StageEvent commanded(OperatorCommand command) {
        return new StageEvent.Commanded(
                FromContract.command(command), new StageEvent.Origin("sluice.control", 0, 42));
    }

    private static OperatorCommand pin(String id, double share) {
        return TestingRun.command(id, CommandKind.PIN)
                .setWeights(List.of(new GroupWeight("es", share)))
                .build();
    }

    private static SpecificRecord decode(OutboundRecord output) {
        return TestingRun.CONTRACT.decode(output.value());
    }

    /** A round in which en helps and the others harm; shard 0 has en, the last one the others. */
    private static StageEvent reduced(TestingRun of, long attempt, long round, int shard) {
        List<GroupRound> groups = new ArrayList<>();
        if (shard == 0) {
            groups.add(group(0, 0.5));
        }
        if (shard == of.spec().shards() - 1) {
            groups.add(group(1, -0.25));
            groups.add(group(2, -0.125));
        }
        return new StageEvent.Reduced(
                new ShardRound(
                        TestingRun.RUN,
                        of.declared().getDigest(),
                        attempt,
                        round,
                        round,
                        shard,
                        10 * round + 9,
                        ShardRound.Status.COMPLETE,
                        groups,
                        List.of(
                                new TargetRound(
                                        0, 1_000, 50, 2_000, Optional.of(new SquaredNorm(1, 1)))),
                        List.of(),
                        1e-3,
                        new ShardRound.Counts(8, 0, 0)),
                Optional.of(ORIGIN));
    }

    private static GroupRound group(int index, double alignment) {
        return new GroupRound(
                index,
                1_000,
                50,
                2_000,
                4_000,
                Optional.of(
                        new GroupGradient(
                                new SquaredNorm(1, 1),
                                new double[] {alignment},
                                new double[] {1e-4})));
    }
}
