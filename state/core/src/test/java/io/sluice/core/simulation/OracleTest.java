package io.sluice.core.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.control.CommandReport;
import io.sluice.core.control.Outcome;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.Snapshot;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.round.ShardRound;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.sequence.PlanAck.Verdict;
import io.sluice.core.sequence.PlanSequencer;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.core.testing.TestingRun;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Breaks one thing at a time: an oracle that never objects would prove nothing. */
class OracleTest {

    private static final int SEEDS = 300;

    /** Where to begin for what one schedule in hundreds brings about. */
    private static final long RARE = 2700;

    @Test
    void aPlanWithoutTheRunsGroupsIsCaught() {
        assertCaught(
                Invariant.MIXTURE,
                new Seams() {
                    @Override
                    Plan published(Plan plan) {
                        GroupId alien = new GroupId("alien");
                        return with(plan, Mixture.of(List.of(alien), new double[] {1}));
                    }
                });
    }

    @Test
    void aPlanThatMovesTooFarIsCaught() {
        assertCaught(
                Invariant.CHANGE,
                new Seams() {
                    @Override
                    Plan published(Plan plan) {
                        double[] weights = plan.mixture().weights();
                        double moved = weights[0] / 2;
                        weights[0] -= moved;
                        weights[weights.length - 1] += moved;
                        return with(plan, Mixture.normalised(plan.mixture().groups(), weights));
                    }
                });
    }

    @Test
    void aBridgeThatAcceptsAStalePlanIsCaught() {
        assertCaught(
                Invariant.FENCE,
                new Seams() {
                    @Override
                    PlanAck offer(PlanSequencer sequencer, Plan plan) {
                        PlanAck ack = sequencer.offer(plan);
                        return ack.verdict() == Verdict.STALE_EPOCH
                                        || ack.verdict() == Verdict.STALE_VERSION
                                ? accepted(ack, plan)
                                : ack;
                    }
                });
    }

    @Test
    void aDecisionWithOtherTokensThanTheLogIsCaught() {
        assertCaught(
                Invariant.TOKENS,
                new Seams() {
                    @Override
                    Decision decided(Decision decision) {
                        List<Decision.GroupDecision> groups = new ArrayList<>();
                        for (Decision.GroupDecision group : decision.groups()) {
                            groups.add(withTokens(group, 2 * group.tokens()));
                        }
                        return with(decision, groups, decision.predictedGain());
                    }
                });
    }

    @Test
    void aSumThatDependsOnTheOrderOfArrivalIsCaught() {
        assertCaught(
                Invariant.ORDER,
                new Seams() {
                    @Override
                    HeapRounds rounds() {
                        return new HeapRounds() {
                            @Override
                            public List<RoundClosed> closed(long round) {
                                List<RoundClosed> statements = super.closed(round);
                                Collections.reverse(statements);
                                return statements;
                            }
                        };
                    }
                });
    }

    @Test
    void aDecisionThatDiffersInItsLastBitIsCaught() {
        assertCaught(
                Invariant.REPLAY,
                new Seams() {
                    @Override
                    Decision decided(Decision decision) {
                        return with(
                                decision, decision.groups(), Math.nextUp(decision.predictedGain()));
                    }
                });
    }

    @Test
    void aSignalThatCountsTwiceIsCaught() {
        assertCaught(
                Invariant.BOOKS,
                new Seams() {
                    @Override
                    HeapRounds rounds() {
                        return new HeapRounds() {
                            @Override
                            public boolean add(Signal signal) {
                                super.add(signal);
                                return true;
                            }
                        };
                    }
                });
    }

    @Test
    void aShardThatForgetsWhatItCountedInAnEarlierAttemptIsCaught() {
        assertCaught(
                Invariant.BOOKS,
                new Seams() {
                    @Override
                    ShardRound.Counts left(ShardRound.Counts counts) {
                        return ShardRound.Counts.ZERO;
                    }
                });
    }

    @Test
    void aReturnToAnotherLineageIsCaught() {
        assertCaught(
                Invariant.RESUME,
                new Seams() {
                    @Override
                    HeapSnapshots snapshots() {
                        return new HeapSnapshots() {
                            @Override
                            public Optional<Snapshot> get(long nextRound) {
                                return super.get(nextRound)
                                        .map(
                                                found ->
                                                        new Snapshot(
                                                                nextRound,
                                                                found.averages(),
                                                                found.memory(),
                                                                found.guards(),
                                                                found.lineage() + 1));
                            }
                        };
                    }
                });
    }

    @Test
    void aDecisionThatCountsOthersThanTheSurvivingSignalsIsCaught() {
        assertCaught(
                Invariant.REPLAY,
                new Seams() {
                    @Override
                    Decision decided(Decision decision) {
                        return with(decision, decision.lineage() + 1);
                    }
                });
    }

    @Test
    void aRankThatHurriesToTheNewestPlanIsCaught() {
        assertCaught(
                Invariant.RANKS,
                new Seams() {
                    @Override
                    SealedPlan followed(int rank, List<Span> heard, Span holding) {
                        Plan newest = heard.get(heard.size() - 1).sealed().plan();
                        return rank == 0
                                ? holding.sealed()
                                : new SealedPlan(newest, holding.sealed().firstStep());
                    }
                });
    }

    @Test
    void aStepThatIsToldAnotherPlanThanItWasSealedWithIsCaught() {
        assertCaught(
                Invariant.SEALS,
                new Seams() {
                    @Override
                    SealedPlan planAt(PlanSequencer sequencer, long step) {
                        return new SealedPlan(
                                sequencer.inForce(), sequencer.planAt(step).firstStep());
                    }
                });
    }

    @Test
    void drawsThatDoNotFollowTheWeightsAreCaught() {
        assertCaught(
                Invariant.DRAWS,
                new Seams() {
                    @Override
                    List<GroupId> draws(ExactSampler sampler, SealedPlan plan, long step) {
                        List<GroupId> draws = sampler.draws(plan, step);
                        return Collections.nCopies(draws.size(), draws.get(0));
                    }
                });
    }

    @Test
    void anAttemptThatReturnsToTheWrongStatisticsIsCaught() {
        assertCaught(
                Invariant.RESUME,
                new Seams() {
                    @Override
                    HeapSnapshots snapshots() {
                        return new HeapSnapshots() {
                            private Snapshot last;

                            @Override
                            public void put(Snapshot snapshot) {
                                super.put(snapshot);
                                last = snapshot;
                            }

                            @Override
                            public Optional<Snapshot> get(long nextRound) {
                                return super.get(nextRound)
                                        .map(found -> last == null ? found : last)
                                        .map(
                                                wrong ->
                                                        new Snapshot(
                                                                nextRound,
                                                                wrong.averages(),
                                                                wrong.memory(),
                                                                wrong.guards(),
                                                                wrong.lineage()));
                            }
                        };
                    }
                });
    }

    @Test
    void anAttemptThatForgetsWhatItCouldKnowIsCaught() {
        assertCaught(
                Invariant.RESUME,
                new Seams() {
                    @Override
                    HeapSnapshots snapshots() {
                        return new HeapSnapshots() {
                            @Override
                            public Optional<Snapshot> get(long nextRound) {
                                return Optional.empty();
                            }
                        };
                    }
                });
    }

    @Test
    void aControllerThatHearsNoRefusalIsCaught() {
        assertCaught(
                Invariant.LIVENESS,
                new Seams() {
                    @Override
                    ControllerState acknowledge(
                            Controller controller, ControllerState state, PlanAck ack) {
                        return state;
                    }
                });
    }

    /** What the controller did before it remembered the plans that wait for an answer. */
    @Test
    void aControllerThatHeedsOnlyAnswersToItsLatestPlanIsCaught() {
        assertCaught(
                RARE,
                Invariant.LIVENESS,
                new Seams() {
                    @Override
                    ControllerState acknowledge(
                            Controller controller, ControllerState state, PlanAck ack) {
                        boolean latest = ack.offeredDigest().equals(state.inForce().digest());
                        return latest ? controller.acknowledge(state, ack) : state;
                    }
                });
    }

    @Test
    void aPlanThatForgetsAPinIsCaught() {
        assertCaught(
                Invariant.COMMANDS,
                new Seams() {
                    @Override
                    Decision decided(Decision decision) {
                        return decision.plan()
                                .filter(plan -> plan.label() == Plan.Label.PIN)
                                .map(plan -> with(decision, with(plan, evened(plan.mixture()))))
                                .orElse(decision);
                    }
                });
    }

    @Test
    void aCommandThatIsDecidedOnTwiceIsCaught() {
        assertCaught(
                Invariant.COMMANDS,
                new Seams() {
                    @Override
                    Decision decided(Decision decision) {
                        List<Outcome> twice = new ArrayList<>(decision.commands().outcomes());
                        twice.addAll(decision.commands().outcomes());
                        return with(
                                decision,
                                new CommandReport(
                                        twice,
                                        decision.commands().standing(),
                                        decision.commands().ended()));
                    }
                });
    }

    @Test
    void snapshotsThatPileUpAreCaught() {
        assertCaught(
                Invariant.BOUNDS,
                new Seams() {
                    @Override
                    HeapSnapshots snapshots() {
                        return new HeapSnapshots() {
                            @Override
                            public void remove(long nextRound) {
                                // Kept for ever.
                            }
                        };
                    }
                });
    }

    /** Some schedule must end with this violation. */
    private static void assertCaught(Invariant invariant, Seams broken) {
        assertCaught(0, invariant, broken);
    }

    private static void assertCaught(long first, Invariant invariant, Seams broken) {
        Optional<Invariant> caught = Optional.empty();
        for (long seed = first;
                seed < first + SEEDS && !caught.equals(Optional.of(invariant));
                seed++) {
            caught = violation(seed, broken);
        }
        assertThat(caught).contains(invariant);
    }

    private static Optional<Invariant> violation(long seed, Seams seams) {
        try {
            Simulation.run(seed, seams, new Coverage(), new Trace(false));
            return Optional.empty();
        } catch (Violation e) {
            return Optional.of(e.invariant());
        }
    }

    private static PlanAck accepted(PlanAck ack, Plan plan) {
        return new PlanAck(
                ack.runId(),
                ack.attempt(),
                ack.offeredVersion(),
                ack.offeredDigest(),
                ack.offeredEpoch(),
                Verdict.ACCEPTED,
                plan);
    }

    private static Plan with(Plan plan, Mixture mixture) {
        Plan changed =
                new Plan(
                        plan.runId(),
                        plan.attempt(),
                        plan.epoch(),
                        plan.specDigest(),
                        plan.round(),
                        plan.version(),
                        plan.replaces(),
                        plan.effectiveStep(),
                        mixture,
                        plan.label(),
                        "");
        return changed.withDigest(TestingRun.DIGEST.of(changed));
    }

    private static Mixture evened(Mixture mixture) {
        double[] weights = mixture.weights();
        weights[0] += 0.1;
        return Mixture.normalised(mixture.groups(), weights);
    }

    private static Decision with(
            Decision decision, List<Decision.GroupDecision> groups, double predictedGain) {
        return with(
                decision,
                decision.plan(),
                groups,
                predictedGain,
                decision.lineage(),
                decision.commands());
    }

    private static Decision with(Decision decision, Plan plan) {
        return with(
                decision,
                Optional.of(plan),
                decision.groups(),
                decision.predictedGain(),
                decision.lineage(),
                decision.commands());
    }

    private static Decision with(Decision decision, CommandReport commands) {
        return with(
                decision,
                decision.plan(),
                decision.groups(),
                decision.predictedGain(),
                decision.lineage(),
                commands);
    }

    private static Decision with(Decision decision, long lineage) {
        return with(
                decision,
                decision.plan(),
                decision.groups(),
                decision.predictedGain(),
                lineage,
                decision.commands());
    }

    private static Decision with(
            Decision decision,
            Optional<Plan> plan,
            List<Decision.GroupDecision> groups,
            double predictedGain,
            long lineage,
            CommandReport commands) {
        return new Decision(
                decision.runId(),
                decision.specDigest(),
                decision.attempt(),
                decision.epoch(),
                decision.firstRound(),
                decision.round(),
                decision.throughStep(),
                decision.policy(),
                decision.baseVersion(),
                decision.baseDigest(),
                decision.basis(),
                decision.hold(),
                plan,
                decision.guards(),
                groups,
                decision.targets(),
                decision.evaluations(),
                predictedGain,
                decision.predictedGainError(),
                decision.counts(),
                decision.total(),
                lineage,
                decision.waiting(),
                decision.complete(),
                decision.absentReporters(),
                commands);
    }

    private static Decision.GroupDecision withTokens(Decision.GroupDecision group, long tokens) {
        return new Decision.GroupDecision(
                group.index(),
                group.base(),
                group.proposed(),
                group.decided(),
                group.score(),
                tokens,
                group.meanLoss(),
                group.alignments(),
                group.alignmentErrors(),
                group.drawn(),
                group.present(),
                group.news());
    }
}
