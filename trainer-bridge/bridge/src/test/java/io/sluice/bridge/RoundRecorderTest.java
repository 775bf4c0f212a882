package io.sluice.bridge;

import static io.sluice.bridge.TestingRuns.A;
import static io.sluice.bridge.TestingRuns.BUCKETS;
import static io.sluice.bridge.TestingRuns.T;
import static io.sluice.bridge.TestingRuns.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bridge.RecordedRound.Half;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal.PlanTokens;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoundRecorderTest {

    private final AtomicLong nanos = new AtomicLong(1_000);
    private final RoundRecorder recorder =
            new RoundRecorder(TestingRuns.spec(), new SketchPool(BUCKETS, 4), nanos::get);

    @Test
    void observationsOfASubjectAlternateBetweenTheHalvesAndStartWithAInEachRound() {
        for (int round = 0; round < 2; round++) {
            for (int i = 1; i <= 3; i++) {
                recorder.add(observation(Subject.of(A), i), 0);
                recorder.add(observation(Subject.of(T), 10 * i), 0);
            }
            RecordedRound recorded = recorder.end(round, 4L * round, 0.1);
            assertThat(recorded.halves())
                    .extracting(Half::subject, Half::part, Half::tokens, half -> first(half))
                    .containsExactly(
                            org.assertj.core.api.Assertions.tuple(Subject.of(A), 0, 20L, 4f),
                            org.assertj.core.api.Assertions.tuple(Subject.of(A), 1, 10L, 2f),
                            org.assertj.core.api.Assertions.tuple(Subject.of(T), 0, 20L, 40f),
                            org.assertj.core.api.Assertions.tuple(Subject.of(T), 1, 10L, 20f));
        }
    }

    @Test
    void tokensOfAGroupAreKeptByThePlanThatDrewThemAndThoseOfATargetAreNot() {
        recorder.add(observation(Subject.of(A), 1), 3);
        recorder.add(observation(Subject.of(A), 1), 3);
        recorder.add(observation(Subject.of(A), 1), 3);
        recorder.add(observation(Subject.of(A), 1), 5);
        recorder.add(observation(Subject.of(A), 1), 5);
        recorder.add(observation(Subject.of(T), 1), 5);
        RecordedRound recorded = recorder.end(0, 0, 0.1);
        assertThat(recorded.halves().get(0).plans())
                .containsExactly(new PlanTokens(3, 20), new PlanTokens(5, 10));
        assertThat(recorded.halves().get(1).plans())
                .containsExactly(new PlanTokens(3, 10), new PlanTokens(5, 10));
        assertThat(recorded.halves().get(2).plans()).isEmpty();
    }

    @Test
    void aSketchOfSomeObservationsStandsForAllTokensOfItsHalf() {
        Observation without = new Observation(Subject.of(A), 10, 2, 20, 50, new float[0]);
        recorder.add(without, 0);
        recorder.add(without, 0);
        recorder.add(observation(Subject.of(A), 1), 0);
        recorder.add(observation(Subject.of(A), 2), 0);
        recorder.add(without, 0);
        assertThat(recorder.end(0, 0, 0.1).halves())
                .extracting(Half::tokens, RoundRecorderTest::first)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(30L, 3f),
                        org.assertj.core.api.Assertions.tuple(20L, 4f));
        recorder.add(without, 0);
        assertThat(recorder.end(1, 0, 0.1).halves())
                .allSatisfy(half -> assertThat(half.sketch()).isEqualTo(CarriedSketch.NONE));
    }

    @Test
    void tokensOfAProbeCountAsDrawnOnlyWhereNothingElseWas() {
        recorder.add(new Observation(Subject.of(A), 30, 6, 60, 150, new float[0]), 3);
        for (int batch = 0; batch < 2; batch++) {
            recorder.add(new Observation(Subject.of(A), 10, 2, 20, 50, filled(1), true), 3);
        }
        assertThat(recorder.end(0, 0, 0.1).halves())
                .extracting(Half::tokens, Half::plans, RoundRecorderTest::first)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple(
                                30L, List.of(new PlanTokens(3, 30)), 3f),
                        org.assertj.core.api.Assertions.tuple(
                                10L, List.of(new PlanTokens(3, 10)), 1f));
    }

    @Test
    void aRoundCarriesItsStepsEvaluationsAndWallTime() {
        recorder.evaluation(T, 3.5, 100);
        recorder.evaluation(T, 3.25, 100);
        nanos.addAndGet(77);
        RecordedRound recorded = recorder.end(2, 9, 0.25);
        assertThat(recorded.fromStep()).isEqualTo(9);
        assertThat(recorded.throughStep()).isEqualTo(11);
        assertThat(recorded.learningRate()).isEqualTo(0.25);
        assertThat(recorded.evaluations()).containsExactly(new Evaluation(0, 3.25, 100));
        assertThat(recorded.nanos()).isEqualTo(77);
        assertThat(recorder.end(3, 12, 0.25).evaluations()).isEmpty();
    }

    @Test
    void whatTheRunDoesNotDeclareIsTheTrainersMistakeAndSaysSo() {
        assertThatThrownBy(() -> recorder.add(observation(Subject.of(new GroupId("z")), 1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("declares no GROUP z");
        assertThatThrownBy(
                        () ->
                                recorder.add(
                                        new Observation(Subject.of(A), 1, 1, 1, 1, new float[3]),
                                        0))
                .hasMessageContaining("16 buckets, this one has 3");
        assertThatThrownBy(
                        () ->
                                recorder.add(
                                        new Observation(Subject.of(A), 0, 1, 1, 1, new float[0]),
                                        0))
                .hasMessageContaining("at least 1 token");
    }

    private static float[] filled(float value) {
        float[] sketch = new float[16];
        Arrays.fill(sketch, value);
        return sketch;
    }

    private static float first(Half half) {
        return ((CarriedSketch.Sums) half.sketch()).values()[0];
    }
}
