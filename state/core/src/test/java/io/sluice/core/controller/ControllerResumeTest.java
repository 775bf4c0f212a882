package io.sluice.core.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.core.testing.TestingRun;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Rounds have ten steps, so a checkpoint at step 10 r resumes in round r. */
class ControllerResumeTest {

    private static final long EPOCH = 5;

    private final RunSpec spec =
            TestingRun.ofPriors(0.5, 0.5)
                    .target("t", 1)
                    .policy(PolicySpec.of("dga"))
                    .dimension(8191)
                    .build();
    private final InMemorySnapshotStore snapshots = new InMemorySnapshotStore();
    private final Controller controller = new Controller(spec, TestingRun.DIGEST, snapshots);
    private ControllerState state = controller.start(Optional.empty(), attempt(1, 0));

    @Test
    void theFirstAttemptBeginsWithNothing() {
        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.NEW, 0));
        assertThat(state.averages())
                .usingRecursiveComparison()
                .isEqualTo(AlignmentAverages.empty(spec));
    }

    @Test
    void anAttemptThatResumesAfterEveryDecidedRoundGoesOn() {
        decide(1, 0, 6);
        AlignmentAverages before = state.averages();

        resume(2, 63);

        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.CONTINUED, 6));
        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(before);
        assertThat(state.nextRound()).isEqualTo(6);
    }

    @Test
    void attemptsThatDecideNothingLoseNothing() {
        decide(1, 0, 6);
        AlignmentAverages before = state.averages();
        resume(2, 95);

        resume(3, 75);

        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.CONTINUED, 6));
        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(before);
        assertThat(state.nextRound()).isEqualTo(7);
    }

    @Test
    void anAttemptThatResumesAmongRoundsNobodyDecidedKeepsAllBeforeThem() {
        decide(1, 0, 6);
        AlignmentAverages before = state.averages();
        resume(2, 95);
        decide(2, 9, 10);

        resume(3, 75);

        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.RETURNED, 6));
        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void anAttemptThatResumesALittleEarlierReturnsToThatRound() {
        decide(1, 0, 4);
        AlignmentAverages afterFour = state.averages();
        decide(1, 4, 6);

        resume(2, 45);

        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.RETURNED, 4));
        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(afterFour);
        assertThat(state.nextRound()).isEqualTo(4);
    }

    @Test
    void aSavedCheckpointIsReturnedToHoweverFarTrainingWent() {
        decide(1, 0, 4);
        AlignmentAverages afterFour = state.averages();
        state = controller.checkpointSaved(state, 40);
        decide(1, 4, 60);

        resume(2, 40);

        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.RETURNED, 4));
        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(afterFour);
    }

    @Test
    void newsOfACheckpointMayComeAfterItsRoundsWereDecided() {
        decide(1, 0, 4);
        AlignmentAverages afterFour = state.averages();
        decide(1, 4, 4 + Lineage.RECENT);
        state = controller.checkpointSaved(state, 40);
        decide(1, 4 + Lineage.RECENT, 60);

        resume(2, 40);

        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(afterFour);
    }

    @Test
    void withoutAPinThereIsNoWayBackBeyondTheRecentRounds() {
        decide(1, 0, 20);

        resume(2, 40);

        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.RESET, 4));
        assertThat(state.averages())
                .usingRecursiveComparison()
                .isEqualTo(AlignmentAverages.empty(spec));
        assertThat(snapshots.size()).isZero();
    }

    @Test
    void roundsThatWereGivenUpTogetherAreReturnedToTogether() {
        decide(1, 0, 3);
        AlignmentAverages afterThree = state.averages();
        state = controller.checkpointSaved(state, 50);
        state = controller.round(state, givenUp(3, 7), EPOCH).state();
        decide(1, 8, 30);

        resume(2, 50);

        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.RETURNED, 3));
        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(afterThree);
    }

    @Test
    void aReplayedStretchGivesTheStatisticsOfAnUndisturbedRun() {
        decide(1, 0, 12);
        AlignmentAverages undisturbed = state.averages();
        state = controller.start(Optional.empty(), attempt(1, 0));
        state = controller.checkpointSaved(state, 30);
        decide(1, 0, 10);

        resume(2, 30);
        decide(2, 3, 12);

        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(undisturbed);
    }

    @Test
    void anAbandonedFutureIsNeverReturnedTo() {
        state = controller.checkpointSaved(state, 30);
        state = controller.checkpointSaved(state, 80);
        decide(1, 0, 20);
        resume(2, 30);
        AlignmentAverages afterThree = state.averages();
        decide(2, 3, 4);

        resume(3, 80);

        assertThat(state.basis().kind()).isEqualTo(Basis.Kind.CONTINUED);
        resume(4, 30);
        assertThat(state.averages()).usingRecursiveComparison().isEqualTo(afterThree);
    }

    @Test
    void snapshotsStayBounded() {
        for (long round = 0; round < 200; round++) {
            state = controller.checkpointSaved(state, 10 * round);
            decide(1, round, round + 1);
            assertThat(snapshots.size()).isLessThanOrEqualTo(Lineage.RECENT + Lineage.PINS);
        }
        for (long ahead = 300; ahead < 400; ahead++) {
            state = controller.checkpointSaved(state, 10 * ahead);
        }
        assertThat(state.lineage().awaited()).hasSize(Lineage.PINS);

        resume(2, 1_930);
        assertThat(state.basis()).isEqualTo(new Basis(Basis.Kind.RETURNED, 193));
    }

    @Test
    void anotherDeclarationBeginsAnew() {
        decide(1, 0, 4);
        RunSpec other = TestingRun.ofPriors(0.25, 0.75).target("t", 1).build();
        RunSpec renamed =
                new RunSpec(
                        other.runId(),
                        other.groups(),
                        other.targets(),
                        other.policy(),
                        other.guards(),
                        other.rounds(),
                        other.sketch(),
                        other.shards(),
                        other.seed(),
                        other.mode(),
                        "another");

        ControllerState next =
                new Controller(renamed, TestingRun.DIGEST, snapshots)
                        .start(Optional.of(state), TestingRun.attempt(renamed, 2, 40, "r0"));

        assertThat(next.basis().kind()).isEqualTo(Basis.Kind.NEW);
        assertThat(snapshots.size()).isZero();
    }

    @Test
    void aReturnTakesBackTheRoundsThatAreTakenAgainAndNotWhatWasCounted() {
        counted(1, 0, 10);
        counted(1, 1, 25);
        assertThat(counted(1, 2, 31).lineage()).isEqualTo(31);

        resume(2, 10);
        state = state.left(new Counts(40, 2, 1));
        Decision again = counted(2, 1, 12);

        assertThat(again.counts()).isEqualTo(new Counts(12, 0, 0));
        assertThat(again.total()).isEqualTo(new Counts(52, 2, 1));
        assertThat(again.lineage()).isEqualTo(10 + 12);
    }

    @Test
    void anAttemptThatGoesOnKeepsWhatSurvives() {
        counted(1, 0, 10);
        resume(2, 30);
        state = state.left(new Counts(14, 0, 0));

        assertThat(counted(2, 3, 7).lineage()).isEqualTo(10 + 7);
    }

    @Test
    void statisticsThatBeginAnewHoldNothingEarlier() {
        for (long round = 0; round < 20; round++) {
            counted(1, round, 10 * (round + 1));
        }
        resume(2, 0);
        state = state.left(new Counts(200, 0, 0));
        Decision anew = counted(2, 0, 9);

        assertThat(anew.basis().kind()).isEqualTo(Basis.Kind.RESET);
        assertThat(anew.lineage()).isEqualTo(9);
        assertThat(anew.total().accepted()).isEqualTo(209);
    }

    /** Decides a round by which so many signals were accepted in the attempt. */
    private Decision counted(long attempt, long round, long accepted) {
        ShardRound empty = givenUp(attempt, round, round, new Counts(accepted, 0, 0));
        Controller.Step step = controller.round(state, empty, EPOCH);
        state = step.state();
        return step.decisions().get(0);
    }

    private Attempt attempt(long number, long resumeStep) {
        return TestingRun.attempt(spec, number, resumeStep, "r0");
    }

    private void resume(long number, long step) {
        state = controller.start(Optional.of(state), attempt(number, step));
    }

    private void decide(long attempt, long from, long until) {
        for (long round = from; round < until; round++) {
            Controller.Step step = controller.round(state, measured(attempt, round), EPOCH);
            assertThat(step.decisions()).hasSize(1);
            assertThat(step.decisions().get(0).basis()).isEqualTo(state.basis());
            state = step.state();
        }
    }

    /** What a round measures depends on the round alone. */
    private static ShardRound measured(long attempt, long round) {
        Random random = new Random(round);
        List<GroupRound> groups =
                List.of(group(0, random.nextGaussian() / 5), group(1, random.nextGaussian() / 5));
        TargetRound target =
                new TargetRound(0, 1000, 100, 2000, Optional.of(new SquaredNorm(1, 1)));
        return result(attempt, round, round, Status.COMPLETE, groups, List.of(target), Counts.ZERO);
    }

    private static ShardRound givenUp(long first, long last) {
        return givenUp(1, first, last, Counts.ZERO);
    }

    private static ShardRound givenUp(long attempt, long first, long last, Counts counts) {
        return result(attempt, first, last, Status.INCOMPLETE, List.of(), List.of(), counts);
    }

    private static GroupRound group(int index, double cosine) {
        GroupGradient gradient =
                new GroupGradient(new SquaredNorm(1, 1), new double[] {cosine}, new double[1]);
        return new GroupRound(index, 1000, 100, 2000, 4000, Optional.of(gradient));
    }

    private static ShardRound result(
            long attempt,
            long first,
            long last,
            Status status,
            List<GroupRound> groups,
            List<TargetRound> targets,
            Counts counts) {
        return new ShardRound(
                "run",
                "spec",
                attempt,
                first,
                last,
                0,
                10 * last + 9,
                status,
                groups,
                targets,
                List.of(),
                1e-3,
                counts);
    }
}
