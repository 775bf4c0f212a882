package io.sluice.flink.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.CommandDesk;
import io.sluice.core.control.CommandReport;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.Outcome;
import io.sluice.core.control.Overrides;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.controller.Basis;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.Decision.GroupDecision;
import io.sluice.core.controller.Decision.GuardEffects;
import io.sluice.core.controller.Decision.TargetDecision;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.Plan;
import io.sluice.core.guard.Governor;
import io.sluice.core.guard.Hold;
import io.sluice.core.replay.DecisionInputs;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.RoundClosed;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.testing.TestingRun;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GovernorPhase;
import io.sluice.schemas.HoldReason;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ToContractTest {

    private final Plan plan = FromContract.plan(TestingRun.ofShards(1).prior());

    @Test
    void aDecisionWithAPlanNamesItAndWhatTheGuardsDid() {
        io.sluice.schemas.Decision record =
                ToContract.decision(
                        decision(
                                Optional.empty(),
                                Optional.of(plan),
                                Optional.of(effects(0.5, 0.02, 3, new double[] {0.25})),
                                2,
                                1));

        assertThat(record.getHold()).isEqualTo(HoldReason.NONE);
        assertThat(record.getHoldMessage()).isEmpty();
        assertThat(record.getPlanVersion()).isEqualTo(plan.version());
        assertThat(record.getPlanDigest()).isEqualTo(plan.digest());
        assertThat(record.getEffectiveStep()).isEqualTo(plan.effectiveStep());
        assertThat(record.getFraction()).isEqualTo(0.5);
        assertThat(record.getKl()).isEqualTo(0.02);
        assertThat(record.getBound()).isEqualTo(3);
        assertThat(record.getBoxExceeds()).isTrue();
        assertThat(record.getHeldBySupply()).isEqualTo(2);
        assertThat(record.getRelaxation()).isEqualTo(1.5);
        assertThat(record.getGovernor()).isEqualTo(GovernorPhase.WATCHING);
        assertThat(record.getRealisedProgress()).isEqualTo(0.125);
        assertThat(record.getPriorProgress()).isEqualTo(0.25);
        assertThat(record.getProgressError()).isEqualTo(0.0625);
        assertThat(record.getTargetPrices()).containsExactly(0.25);
        assertThat(record.getGroups()).hasSize(2);
        assertThat(record.getGroups().get(1).getAlignments()).containsExactly(0.25);
        assertThat(record.getTargets()).hasSize(1);
        assertThat(record.getEvaluations()).hasSize(1);
        assertThat(record.getAbsent().array()).containsExactly(3);
        assertThat(record.getNews()).isEmpty();
        assertThat(TestingRun.CONTRACT.decode(TestingRun.CONTRACT.encode(record)))
                .isEqualTo(record);
    }

    @Test
    void aHeldDecisionHasItsReasonAndNoPlan() {
        for (Hold.Reason reason : Hold.Reason.values()) {
            io.sluice.schemas.Decision record =
                    ToContract.decision(
                            decision(
                                    Optional.of(new Hold(reason, "why")),
                                    Optional.empty(),
                                    Optional.empty(),
                                    1,
                                    1));

            assertThat(record.getHold().name()).isEqualTo(reason.name());
            assertThat(record.getHoldMessage()).isEqualTo("why");
            assertThat(record.getPlanVersion()).isEqualTo(-1);
            assertThat(record.getPlanDigest()).isEmpty();
            assertThat(record.getEffectiveStep()).isEqualTo(-1);
        }
    }

    @Test
    void aDecisionTellsWhatItKnewOfTheCatalogsGroups() {
        GroupNews news = new GroupNews(GroupNews.State.ACTIVE, OptionalLong.of(1_000), 7);
        Decision decision =
                decision(Optional.empty(), Optional.of(plan), Optional.empty(), 2, 1, news);

        io.sluice.schemas.Decision record = ToContract.decision(decision);

        assertThat(record.getNews()).hasSize(2);
        assertThat(record.getNews().get(1).getIndex()).isEqualTo(1);
        assertThat(record.getNews().get(1).getState()).isEqualTo(CatalogGroupState.ACTIVE);
        assertThat(record.getNews().get(1).getUniqueTokens()).isEqualTo(1_000);
        assertThat(record.getNews().get(1).getVersion()).isEqualTo(7);
        assertThat(FromContract.inputs(0, record)).isEqualTo(DecisionInputs.of(0, decision));
    }

    @Test
    void noDecisionIsLargerThanWasForeseen() {
        int[][] sizes = {{1, 0}, {1, 256}, {100, 256}, {10_000, 0}, {10_000, 3}, {3_000, 16}};
        for (int[] size : sizes) {
            boolean catalog = size[1] < 3;
            byte[] encoded =
                    TestingRun.CONTRACT.encode(
                            ToContract.decision(
                                    decision(
                                            Optional.of(
                                                    new Hold(
                                                            Hold.Reason.INCOMPLETE,
                                                            "w".repeat(500))),
                                            Optional.of(plan),
                                            Optional.of(effects(1, 1, 10_000, new double[size[1]])),
                                            size[0],
                                            size[1],
                                            catalog
                                                    ? new GroupNews(
                                                            GroupNews.State.RETIRED,
                                                            OptionalLong.of(Long.MAX_VALUE),
                                                            Long.MAX_VALUE)
                                                    : GroupNews.NONE)));

            assertThat(ToContract.largestDecision(size[0], size[1], catalog))
                    .isBetween((long) encoded.length, (long) Contract.LARGE);
        }
    }

    @Test
    void everyRejectionHasItsReason() {
        RawRecord raw = new RawRecord("topic", 1, 2, "run", new byte[] {1, 2, 3});
        for (Rejection.Reason reason : Rejection.Reason.values()) {
            Rejected rejected = ToContract.rejected(raw, new Rejection(reason, "why"));

            assertThat(rejected.getReason()).isEqualTo(RejectReason.valueOf(reason.name()));
            assertThat(rejected.getMessage()).isEqualTo("why");
            assertThat(rejected.getOriginal().array()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void aRejectOfTheLargestRecordFits() {
        RawRecord raw = new RawRecord("topic", 1, 2, "run", new byte[Contract.LARGE]);
        Rejection rejection =
                new Rejection(Rejection.Reason.OUT_OF_RANGE, "\u6df7".repeat(Contract.LARGE));

        Rejected rejected = ToContract.rejected(raw, rejection);

        assertThat(rejected.getOriginal().remaining()).isEqualTo(64 * 1024);
        assertThat(rejected.getMessage()).hasSize(1_010).endsWith("\u6df7 ... (cut)");
        assertThat(TestingRun.CONTRACT.decode(TestingRun.CONTRACT.encode(rejected)))
                .isEqualTo(rejected);
    }

    private static GuardEffects effects(double fraction, double kl, int bound, double[] prices) {
        return new GuardEffects(
                fraction,
                kl,
                bound,
                true,
                2,
                1.5,
                Governor.Phase.WATCHING,
                Optional.of(new Governor.Verdict(0.125, 0.25, 0.0625)),
                prices);
    }

    private static Decision decision(
            Optional<Hold> hold,
            Optional<Plan> plan,
            Optional<GuardEffects> guards,
            int groups,
            int targets) {
        return decision(hold, plan, guards, groups, targets, GroupNews.NONE);
    }

    /** A decision whose numbers take as many bytes as they can. */
    private static Decision decision(
            Optional<Hold> hold,
            Optional<Plan> plan,
            Optional<GuardEffects> guards,
            int groups,
            int targets,
            GroupNews news) {
        double[] alignments = new double[targets];
        Arrays.fill(alignments, 0.25);
        return new Decision(
                "r".repeat(128),
                "d".repeat(64),
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                "p".repeat(128),
                Long.MAX_VALUE,
                "d".repeat(128),
                new Basis(Basis.Kind.CONTINUED, Long.MAX_VALUE),
                hold,
                plan,
                guards,
                IntStream.range(0, groups)
                        .mapToObj(
                                j ->
                                        new GroupDecision(
                                                j,
                                                0.5,
                                                0.5,
                                                0.5,
                                                0.5,
                                                // Of every reporter both halves, each the largest.
                                                4096L * 2 << 42,
                                                2,
                                                alignments,
                                                alignments,
                                                Long.MAX_VALUE,
                                                false,
                                                news))
                        .toList(),
                IntStream.range(0, targets)
                        .mapToObj(i -> new TargetDecision(i, Long.MAX_VALUE, Long.MAX_VALUE, 2))
                        .toList(),
                IntStream.range(0, targets)
                        .mapToObj(i -> new RoundClosed.Evaluation(i, 2, Long.MAX_VALUE))
                        .toList(),
                0.5,
                0.5,
                new ShardRound.Counts(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                new ShardRound.Counts(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
                Long.MAX_VALUE,
                Integer.MAX_VALUE,
                false,
                IntStream.range(0, Attempt.MAX_REPORTERS).boxed().toList(),
                commands());
    }

    /** As much as a decision can say of commands. */
    private static CommandReport commands() {
        String id = "c".repeat(OperatorCommand.MAX_ID);
        return new CommandReport(
                Collections.nCopies(
                        CommandDesk.MAX_OUTCOMES,
                        new Outcome(
                                id,
                                OperatorCommand.Kind.EXCLUDE,
                                "w".repeat(OperatorCommand.MAX_WHO),
                                "y".repeat(OperatorCommand.MAX_WHY),
                                false,
                                "m".repeat(Outcome.MAX_MESSAGE),
                                OptionalLong.of(Long.MAX_VALUE))),
                Collections.nCopies(
                        Overrides.MAX_STANDING,
                        new Standing(
                                id, OperatorCommand.Kind.EXCLUDE, OptionalLong.of(Long.MAX_VALUE))),
                Collections.nCopies(Overrides.MAX_STANDING + CommandDesk.MAX_OUTCOMES, id));
    }
}
