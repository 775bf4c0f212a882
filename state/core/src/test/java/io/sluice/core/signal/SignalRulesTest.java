package io.sluice.core.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.signal.Rejection.Reason;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.sketch.BFloat16;
import io.sluice.core.testing.TestingRun;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalRulesTest {

    private static final int K = 18;

    private final RunSpec spec =
            TestingRun.ofPriors(0.5, 0.5).target("t", 1).dimension(K).rounds(10, 2, 0).build();
    private final Attempt attempt = TestingRun.attempt(spec, 3, 25, "r0", "r1");

    /** A sound signal, then one thing at a time is broken. */
    private Subject subject = Subject.of(spec.groups().get(1).id());

    private String reporter = "r1";
    private long round = 3;
    private int part;
    private long fromStep = 30;
    private long throughStep = 39;
    private List<Signal.PlanTokens> plans =
            List.of(new Signal.PlanTokens(0, 60), new Signal.PlanTokens(1, 40));
    private long tokens = 100;
    private long sequences = 4;
    private double lossSum = 250;
    private double lossSquareSum = 700;
    private byte[] sketch = new byte[2 * K];

    private double learningRate = 1e-3;
    private List<SubjectOutcome> outcomes = List.of(outcome(Subject.Kind.GROUP, 1, 0));
    private List<Evaluation> evaluations = List.of(new Evaluation(0, 2.5, 1000));

    @Test
    void acceptsWhatIsSound() {
        assertThat(SignalRules.check(signal(), spec, attempt)).isEmpty();
        assertThat(SignalRules.check(closed(), spec, attempt)).isEmpty();
    }

    @Test
    void acceptsASignalWithoutASketch() {
        sketch = new byte[0];
        assertThat(SignalRules.check(signal(), spec, attempt)).isEmpty();
    }

    @Test
    void acceptsAPartOfTheRoundInWhichTheAttemptResumed() {
        round = 2;
        fromStep = 25;
        throughStep = 29;
        assertThat(SignalRules.check(signal(), spec, attempt)).isEmpty();
        fromStep = 24;
        assertRejected(Reason.WRONG_STEPS);
    }

    @Test
    void rejectsUnknownSubjects() {
        subject = Subject.of(new GroupId("nobody"));
        assertRejected(Reason.UNKNOWN_SUBJECT);
        subject = Subject.of(new TargetId(TestingRun.id(0)));
        plans = List.of();
        assertRejected(Reason.UNKNOWN_SUBJECT);
    }

    @Test
    void rejectsUnknownReporters() {
        reporter = "r2";
        assertRejected(Reason.UNKNOWN_REPORTER);
        assertClosedRejected(Reason.UNKNOWN_REPORTER);
    }

    @Test
    void rejectsImpossibleRounds() {
        round = -1;
        assertRejected(Reason.OUT_OF_RANGE);
        round = Long.MAX_VALUE;
        assertRejected(Reason.OUT_OF_RANGE);
        assertClosedRejected(Reason.OUT_OF_RANGE);
    }

    @Test
    void rejectsStepsOutsideTheRound() {
        throughStep = 40;
        assertRejected(Reason.WRONG_STEPS);
        throughStep = 29;
        assertRejected(Reason.WRONG_STEPS);
        fromStep = 29;
        throughStep = 39;
        assertRejected(Reason.WRONG_STEPS);
        round = 1;
        fromStep = 10;
        throughStep = 19;
        assertRejected(Reason.WRONG_STEPS);
    }

    @Test
    void rejectsAThirdHalf() {
        part = 2;
        assertRejected(Reason.OUT_OF_RANGE);
        part = -1;
        assertRejected(Reason.OUT_OF_RANGE);
    }

    @Test
    void rejectsImpossibleCounts() {
        tokens = 0;
        assertRejected(Reason.OUT_OF_RANGE);
        tokens = -100;
        assertRejected(Reason.OUT_OF_RANGE);
        tokens = SignalRules.MAX_TOKENS + 1;
        assertRejected(Reason.OUT_OF_RANGE);
        tokens = 100;
        sequences = 0;
        assertRejected(Reason.OUT_OF_RANGE);
        sequences = 101;
        assertRejected(Reason.OUT_OF_RANGE);
    }

    @Test
    void rejectsPlansThatDidNotDrawTheTokens() {
        plans = List.of(new Signal.PlanTokens(0, 99));
        assertRejected(Reason.OUT_OF_RANGE);
        plans = List.of(new Signal.PlanTokens(0, 150), new Signal.PlanTokens(1, -50));
        assertRejected(Reason.OUT_OF_RANGE);
        plans = List.of(new Signal.PlanTokens(-1, 100));
        assertRejected(Reason.OUT_OF_RANGE);
        subject = Subject.of(new TargetId("t"));
        plans = List.of(new Signal.PlanTokens(0, 100));
        assertRejected(Reason.OUT_OF_RANGE);
    }

    @Test
    void rejectsImpossibleLosses() {
        lossSum = -1;
        assertRejected(Reason.OUT_OF_RANGE);
        lossSum = 1e9;
        assertRejected(Reason.OUT_OF_RANGE);
        lossSum = Double.NaN;
        assertRejected(Reason.NOT_FINITE);
        lossSum = 250;
        lossSquareSum = Double.POSITIVE_INFINITY;
        assertRejected(Reason.NOT_FINITE);
    }

    @Test
    void rejectsSketchesThatCannotBeSummed() {
        sketch = new byte[2 * K - 2];
        assertRejected(Reason.WRONG_SKETCH);
        for (float bad : new float[] {Float.NaN, Float.NEGATIVE_INFINITY}) {
            sketch = sketchWith(bad);
            assertRejected(Reason.NOT_FINITE);
        }
        sketch = sketchWith(-2e30f);
        assertRejected(Reason.OUT_OF_RANGE);
        sketch = sketchWith(-1e30f);
        assertThat(SignalRules.check(signal(), spec, attempt)).isEmpty();
    }

    @Test
    void aNumberThatIsTooLargeIsFoundWhereverItStands() {
        float[] values = new float[K];
        Arrays.fill(values, Math.scalb(-1.5f, 99));
        sketch = BFloat16.encode(values);
        assertThat(SignalRules.check(signal(), spec, attempt)).isEmpty();
        for (int place = 0; place < K; place++) {
            float[] large = values.clone();
            large[place] = Math.scalb(1f, 100);
            sketch = BFloat16.encode(large);
            assertRejected(Reason.OUT_OF_RANGE);
            large[place] = Float.NaN;
            sketch = BFloat16.encode(large);
            assertRejected(Reason.NOT_FINITE);
        }
    }

    @Test
    void rejectsStatementsThatDoNotCloseTheRound() {
        throughStep = 38;
        assertClosedRejected(Reason.WRONG_STEPS);
    }

    @Test
    void rejectsOutcomesOfNothing() {
        outcomes = List.of(outcome(Subject.Kind.TARGET, 1, 0));
        assertClosedRejected(Reason.UNKNOWN_SUBJECT);
        outcomes = List.of(outcome(Subject.Kind.GROUP, -1, 0));
        assertClosedRejected(Reason.UNKNOWN_SUBJECT);
        outcomes = List.of(outcome(Subject.Kind.GROUP, 0, 2));
        assertClosedRejected(Reason.OUT_OF_RANGE);
    }

    @Test
    void rejectsAnOutcomeThatIsToldTwiceWhateverItSays() {
        outcomes =
                List.of(
                        outcome(Subject.Kind.GROUP, 0, 1),
                        outcome(Subject.Kind.TARGET, 0, 1),
                        new SubjectOutcome(Subject.Kind.GROUP, 0, 1, Outcome.DROPPED));
        assertClosedRejected(Reason.OUT_OF_RANGE);
    }

    @Test
    void rejectsImpossibleEvaluations() {
        evaluations = List.of(new Evaluation(1, 2.5, 1000));
        assertClosedRejected(Reason.UNKNOWN_SUBJECT);
        evaluations = List.of(new Evaluation(0, 2.5, 0));
        assertClosedRejected(Reason.OUT_OF_RANGE);
        evaluations = List.of(new Evaluation(0, Double.NaN, 1000));
        assertClosedRejected(Reason.NOT_FINITE);
        evaluations = List.of();
        learningRate = Double.NaN;
        assertClosedRejected(Reason.NOT_FINITE);
    }

    private void assertRejected(Reason reason) {
        assertThat(SignalRules.check(signal(), spec, attempt).map(Rejection::reason))
                .contains(reason);
    }

    private void assertClosedRejected(Reason reason) {
        assertThat(SignalRules.check(closed(), spec, attempt).map(Rejection::reason))
                .contains(reason);
    }

    private Signal signal() {
        return new Signal(
                "run",
                "spec",
                3,
                round,
                subject,
                reporter,
                part,
                fromStep,
                throughStep,
                plans,
                tokens,
                sequences,
                lossSum,
                lossSquareSum,
                sketch);
    }

    private RoundClosed closed() {
        return new RoundClosed(
                "run",
                "spec",
                3,
                round,
                reporter,
                fromStep,
                throughStep,
                outcomes,
                learningRate,
                evaluations,
                0);
    }

    private static SubjectOutcome outcome(Subject.Kind kind, int index, int part) {
        return new SubjectOutcome(kind, index, part, Outcome.ACKNOWLEDGED);
    }

    private static byte[] sketchWith(float value) {
        float[] values = new float[K];
        values[5] = value;
        return BFloat16.encode(values);
    }
}
