package io.sluice.core.candidate.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.sluice.core.candidate.admission.Admission.Result;
import io.sluice.core.candidate.admission.Admission.Verdict;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdmissionTest {

    private static final AdmissionOptions OPTIONS =
            new AdmissionOptions(100_000, 0.01, 0.25, 100, 0, 0.5);
    private static final List<Need> HALF = List.of(Need.of(0.5));

    private final Admission admission = new Admission(OPTIONS);

    @Test
    void anEmptyGroupTakesAllAndAFullOneNothing() {
        Result first = admission.judge(GroupStock.EMPTY, 10, 0.01, HALF, 0);
        assertThat(first.verdict()).isEqualTo(Verdict.ADMITTED);
        GroupStock full = admission.judge(GroupStock.EMPTY, 50_000, 0.5, HALF, 0).stock();
        assertThat(admission.judge(full, 10, 1, HALF, 0).verdict()).isEqualTo(Verdict.GROUP_FULL);
        assertThat(admission.judge(full, 10, 1, List.of(Need.of(0.9)), 0).verdict())
                .isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void theFullerAGroupTheBetterItsDocumentsMustBe() {
        SplittableRandom random = new SplittableRandom(4);
        GroupStock stock = GroupStock.EMPTY;
        double early = 0;
        double late = 0;
        for (int i = 0; i < 5_000; i++) {
            double score = random.nextDouble();
            Result result = admission.judge(stock, 20, score, HALF, i);
            stock = result.stock();
            if (result.verdict() == Verdict.ADMITTED) {
                if (stock.tokens() < 10_000) {
                    early = Math.max(early, result.leastRank());
                }
                late = result.leastRank();
            }
        }
        assertThat(early).isLessThan(0.16);
        assertThat(late).isCloseTo(0.75, within(0.01));
        assertThat(stock.tokens()).isEqualTo(50_000);
        assertThat(stock.admitted() + stock.turnedAway()).isEqualTo(5_000);
        assertThat(stock.scores().total()).isEqualTo(5_000);
        assertThat(stock.version()).isEqualTo(5_000);
    }

    @Test
    void betterDocumentsAreDrawnMoreOften() {
        GroupStock stock = GroupStock.EMPTY;
        for (int i = 0; i < 100; i++) {
            assertThat(admission.judge(stock, 1, i / 100.0, HALF, 0).weight()).isEqualTo(1);
            stock = admission.judge(stock, 1, i / 100.0, HALF, 0).stock();
        }
        assertThat(admission.judge(stock, 1, 1, HALF, 0).weight()).isCloseTo(1.5, within(0.02));
        assertThat(admission.judge(stock, 1, 0, HALF, 0).weight()).isCloseTo(0.5, within(0.02));
    }

    @Test
    void aGroupThatNoPlanNamesGetsTheShareForThose() {
        GroupStock stock = admission.judge(GroupStock.EMPTY, 1_000, 0.5, List.of(), 0).stock();
        assertThat(admission.judge(stock, 1, 0.5, List.of(), 0).verdict())
                .isEqualTo(Verdict.GROUP_FULL);
        assertThat(admission.judge(GroupStock.EMPTY, 1, 1, List.of(Need.of(0)), 0).verdict())
                .isEqualTo(Verdict.GROUP_FULL);
    }

    @Test
    void whatARunHasDrawnLowersWhatItStillNeeds() {
        GroupStock full = admission.judge(GroupStock.EMPTY, 50_000, 0.5, HALF, 0).stock();
        // Of 60,000 tokens that are to come, half of them this group's; 45,000 lie ready.
        assertThat(verdict(full, new Need(0.5, 5_000, 40_000))).isEqualTo(Verdict.GROUP_FULL);
        // 20,000 lie ready for 30,000.
        assertThat(verdict(full, new Need(0.5, 30_000, 40_000))).isEqualTo(Verdict.ADMITTED);
        // More was drawn than there is: nothing lies ready.
        assertThat(verdict(full, new Need(0.5, 70_000, 99_000))).isEqualTo(Verdict.ADMITTED);
        // Nothing is to come.
        assertThat(verdict(full, new Need(0.5, 70_000, 100_000))).isEqualTo(Verdict.GROUP_FULL);
    }

    @Test
    void ofSeveralRunsTheOneThatLacksMostCounts() {
        GroupStock full = admission.judge(GroupStock.EMPTY, 50_000, 0.5, HALF, 0).stock();
        Need sated = new Need(0.1, 0, 0);
        Need needy = new Need(0.4, 40_000, 60_000);
        assertThat(verdict(full, sated)).isEqualTo(Verdict.GROUP_FULL);
        assertThat(verdict(full, needy)).isEqualTo(Verdict.ADMITTED);
        assertThat(admission.judge(full, 1, 1, List.of(sated, needy), 0))
                .isEqualTo(admission.judge(full, 1, 1, List.of(needy), 0));
    }

    @Test
    void aNearlyEmptyGroupTurnsNoneAwayForItsRankBeforeItCanTell() {
        GroupStock stock = GroupStock.EMPTY;
        for (int i = 0; i < 1_000; i++) {
            stock = admission.judge(stock, 1, 0.5, HALF, i).stock();
        }
        // 2 % full, 1.5 % asked for, of 1,000 scores: 15 may lie below.
        assertThat(admission.judge(stock, 1, 0.1, HALF, 0).verdict()).isEqualTo(Verdict.LOW_SCORE);
        // 0.2 %: of 1,000 scores that none lies below says nothing.
        List<Need> more = List.of(new Need(1, 800, 0));
        Result worst = admission.judge(stock, 1, 0.1, more, 0);
        assertThat(worst.leastRank()).isZero();
        assertThat(worst.verdict()).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void whatScoresLessThanTheLeastIsTurnedAwayHoweverNeedyTheGroup() {
        Admission strict = new Admission(new AdmissionOptions(100_000, 0.01, 0.25, 100, 0.2, 0.5));
        assertThat(strict.judge(GroupStock.EMPTY, 1, 0.19, HALF, 0).verdict())
                .isEqualTo(Verdict.LOW_SCORE);
        assertThat(strict.judge(GroupStock.EMPTY, 1, 0.2, HALF, 0).verdict())
                .isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void aNeedThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new Need(1.5, 0, 0)).hasMessageContaining("share of 1.5");
        assertThatThrownBy(() -> new Need(0.5, -1, 0)).hasMessageContaining("-1 tokens drawn");
    }

    private Verdict verdict(GroupStock stock, Need need) {
        return admission.judge(stock, 10, 1, List.of(need), 0).verdict();
    }

    @Test
    void whatIsRemovedMakesRoomAndIsCounted() {
        GroupStock full = admission.judge(GroupStock.EMPTY, 50_000, 0.5, HALF, 0).stock();
        GroupStock removed = full.remove(1, 50_000);
        assertThat(removed.documents()).isZero();
        assertThat(removed.tokens()).isZero();
        assertThat(removed.removed()).isEqualTo(1);
        assertThat(removed.version()).isGreaterThan(full.version());
        assertThat(admission.judge(removed, 10, 1, HALF, 0).verdict()).isEqualTo(Verdict.ADMITTED);
    }

    @Test
    void whatWasLetInBeforeARestartIsCountedAgainWhateverThePlanSaysNow() {
        GroupStock before = admission.judge(GroupStock.EMPTY, 10, 0.4, HALF, 5).stock();
        assertThat(admission.again(GroupStock.EMPTY, 10, 0.4, 5)).isEqualTo(before);
    }

    @Test
    void settingsThatMakeNoSenseAreRefusedByName() {
        assertThatThrownBy(() -> new AdmissionOptions(0, 0.1, 0.5, 1, 0, 0.5))
                .hasMessageContaining("wanted tokens 0");
        assertThatThrownBy(() -> new AdmissionOptions(1, 0.1, 1.5, 1, 0, 0.5))
                .hasMessageContaining("keep share 1.5");
        assertThatThrownBy(() -> new AdmissionOptions(1, 0.1, 0.5, 1, -0.1, 0.5))
                .hasMessageContaining("least score -0.1");
        assertThatThrownBy(() -> new AdmissionOptions(1, 0.1, 0.5, 1, 0, 1))
                .hasMessageContaining("weight spread 1.0");
    }
}
