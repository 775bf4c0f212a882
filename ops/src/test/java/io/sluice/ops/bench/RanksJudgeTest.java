package io.sluice.ops.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.SealedPlan;
import io.sluice.ops.bench.RanksJudge.Verdict;
import io.sluice.schemas.Contract;
import io.sluice.schemas.GroupWeight;
import io.sluice.schemas.Seal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run of 40 steps, 2 ranks and 4 draws: plan 0 until step 9, plan 1 from step 10. */
final class RanksJudgeTest {

    private static final List<GroupId> GROUPS =
            List.of(new GroupId("code"), new GroupId("math"), new GroupId("web"));
    private static final double[][] WEIGHTS = {{0.25, 0.25, 0.5}, {0.6, 0, 0.4}, {0.1, 0.8, 0.1}};
    private static final int STEPS = 40;
    private static final int DRAWS = 4;
    private static final int CHANGE = 10;

    private final TreeMap<Long, Long> attempts = new TreeMap<>();
    private final List<Seal> seals = new ArrayList<>();
    private RanksBooks books;

    @BeforeEach
    void takeTheRun() {
        new Contract();
        attempts.put(3L, 0L);
        seals.add(seal(3, 0, CHANGE - 1, 0, true));
        seals.add(seal(3, CHANGE, CHANGE + 4, 1, true));
        seals.add(seal(3, CHANGE + 5, STEPS - 1, 1, false));
        books = books(CHANGE);
    }

    @Test
    void findsNothingInARunAsItShouldBe() {
        assertThat(judge()).isEqualTo(new Verdict(0, 0, 0, 0, 0, 0, 0, 2, STEPS * DRAWS));
    }

    @Test
    void countsAStepThatTwoRanksTookWithTwoPlans() {
        books.versions()[12][1] = 0;

        Verdict verdict = judge();

        assertThat(verdict.twoVersions()).isEqualTo(1);
        assertThat(verdict.unlikeSeal()).isEqualTo(1);
    }

    @Test
    void countsAStepThatNoRankTook() {
        books.versions()[12][0] = -1;
        books.versions()[12][1] = -1;

        assertThat(judge().twoVersions()).isEqualTo(1);
    }

    @Test
    void aRankThatWasNotThereIsNoSecondPlan() {
        books.versions()[12][1] = -1;

        assertThat(judge().twoVersions()).isZero();
    }

    @Test
    void countsASkippedDocument() {
        int group = books.groups()[20][1];
        shift(group, 20, 1, 1);

        Verdict verdict = judge();

        assertThat(verdict.skipped()).isEqualTo(1);
        assertThat(verdict.repeated()).isZero();
    }

    @Test
    void countsARepeatedDocument() {
        int group = books.groups()[20][1];
        shift(group, 20, 1, -1);

        Verdict verdict = judge();

        assertThat(verdict.repeated()).isEqualTo(1);
        assertThat(verdict.skipped()).isZero();
    }

    @Test
    void countsADrawThatNobodyTook() {
        books.groups()[STEPS - 1][DRAWS - 1] = -1;

        assertThat(judge().skipped()).isEqualTo(1);
    }

    @Test
    void countsStepsThatTheirSealNamesAnotherPlanFor() {
        seals.set(1, seal(3, CHANGE, CHANGE + 4, 2, true));

        Verdict verdict = judge();

        assertThat(verdict.unlikeSeal()).isEqualTo(5);
        assertThat(verdict.unlikeJava()).isZero();
    }

    @Test
    void countsADrawThatJavaAnswersOtherwise() {
        books.groups()[20][1] = (books.groups()[20][1] + 1) % GROUPS.size();

        assertThat(judge().unlikeJava()).isEqualTo(1);
    }

    @Test
    void countsDrawsOfAPlanThatBeganAtAnotherStep() {
        books = books(CHANGE + 1);
        for (int rank = 0; rank < 2; rank++) {
            books.versions()[CHANGE][rank] = 1;
        }

        assertThat(judge().unlikeJava()).isPositive();
    }

    @Test
    void aLaterAttemptOverridesFromItsFirstStepOn() {
        attempts.put(9L, 20L);
        seals.add(seal(9, 20, STEPS - 1, 2, true));

        Verdict verdict = judge();

        assertThat(verdict.unlikeSeal()).isEqualTo(STEPS - 20);
    }

    @Test
    void aPlanThatAnAttemptCarriesOnBeganWhereItFirstHeld() {
        attempts.put(9L, 20L);
        seals.add(seal(9, 20, STEPS - 1, 1, true));

        assertThat(judge()).isEqualTo(new Verdict(0, 0, 0, 0, 0, 0, 0, 2, STEPS * DRAWS));
    }

    @Test
    void stepsWithoutASealAreReplayedByTheirNeighboursPlan() {
        seals.set(1, seal(3, CHANGE, CHANGE + 4, 1, true));
        seals.remove(2);

        Verdict verdict = judge();

        assertThat(verdict.unsealed()).isEqualTo(STEPS - CHANGE - 5);
        assertThat(verdict.notReplayed()).isZero();
        assertThat(verdict.unlikeJava()).isZero();
    }

    @Test
    void saysWhichStepsCouldNotBeReplayed() {
        seals.remove(2);
        seals.remove(1);

        Verdict verdict = judge();

        assertThat(verdict.unsealed()).isEqualTo(STEPS - CHANGE);
        assertThat(verdict.notReplayed()).isEqualTo(STEPS - CHANGE);
    }

    private Verdict judge() {
        return new RanksJudge(
                        books,
                        Lineage.of(attempts, seals, STEPS),
                        GROUPS,
                        new ExactSampler(7, "run", DRAWS))
                .judge();
    }

    /** Numbers a group's documents by {@code by} more from one draw on. */
    private void shift(int group, int fromStep, int fromDraw, int by) {
        for (int step = fromStep; step < STEPS; step++) {
            for (int draw = step == fromStep ? fromDraw : 0; draw < DRAWS; draw++) {
                if (books.groups()[step][draw] == group) {
                    books.occurrences()[step][draw] += by;
                }
            }
        }
    }

    private static RanksBooks books(int change) {
        RanksBooks books =
                new RanksBooks(new long[STEPS][2], new int[STEPS][DRAWS], new int[STEPS][DRAWS]);
        ExactSampler sampler = new ExactSampler(7, "run", DRAWS);
        int[] drawn = new int[GROUPS.size()];
        for (int step = 0; step < STEPS; step++) {
            int version = step < change ? 0 : 1;
            books.versions()[step][0] = version;
            books.versions()[step][1] = version;
            SealedPlan plan = new SealedPlan(plan(version), version == 0 ? 0 : change);
            List<GroupId> draws = sampler.draws(plan, step);
            for (int draw = 0; draw < DRAWS; draw++) {
                int group = GROUPS.indexOf(draws.get(draw));
                books.groups()[step][draw] = group;
                books.occurrences()[step][draw] = drawn[group]++;
            }
        }
        return books;
    }

    private static Plan plan(int version) {
        return new Plan(
                "run",
                3,
                0,
                "spec",
                -1,
                version,
                "",
                0,
                Mixture.of(GROUPS, WEIGHTS[version]),
                Plan.Label.POLICY,
                "plan-" + version);
    }

    private static Seal seal(long attempt, int from, int through, int version, boolean weights) {
        List<GroupWeight> told = new ArrayList<>();
        for (int j = 0; weights && j < GROUPS.size(); j++) {
            told.add(
                    GroupWeight.newBuilder()
                            .setGroup(GROUPS.get(j).value())
                            .setWeight(WEIGHTS[version][j])
                            .build());
        }
        return Seal.newBuilder()
                .setRunId("run")
                .setAttempt(attempt)
                .setSpecDigest("spec")
                .setFromStep(from)
                .setThroughStep(through)
                .setVersion(version)
                .setDigest("plan-" + version)
                .setWeights(told)
                .build();
    }
}
