package io.sluice.bridge.daemon;

import io.sluice.bridge.RoundReport;
import io.sluice.bridge.RoundReport.Half;
import io.sluice.bridge.RoundReport.HalfId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.Signal.PlanTokens;
import java.util.List;

/** A body of {@code POST /v1/round}. Lists that are missing are empty. */
record RoundForm(
        String session,
        long round,
        long fromStep,
        long throughStep,
        double learningRate,
        long nanos,
        List<EvaluationForm> evaluations,
        List<MeasuredForm> signals,
        List<DroppedForm> dropped) {

    private static final int PLAN_NUMBERS = 2;
    private static final byte[] NO_SKETCH = {};

    RoundForm {
        Json.required(session, "session");
        evaluations = orNone(evaluations);
        signals = orNone(signals);
        dropped = orNone(dropped);
    }

    /**
     * The round as it is told here.
     *
     * @throws Refusal when the run has no such subject, or a number cannot be
     */
    RoundReport report(RunSpec spec) {
        return new RoundReport(
                round,
                fromStep,
                throughStep,
                signals.stream().map(signal -> signal.half(spec)).toList(),
                dropped.stream().map(lost -> lost.id(spec)).toList(),
                learningRate,
                evaluations.stream()
                        .map(e -> new Evaluation(e.target(), e.loss(), e.tokens()))
                        .toList(),
                nanos);
    }

    private static <T> List<T> orNone(List<T> list) {
        if (list == null) {
            return List.of();
        }
        list.forEach(entry -> Json.required(entry, "of a list"));
        return list;
    }

    /** Loss of a target on its held-out rows. */
    record EvaluationForm(int target, double loss, long tokens) {}

    /** A signal without a sketch. */
    record MeasuredForm(
            String kind,
            long index,
            int part,
            long tokens,
            long sequences,
            double lossSum,
            double lossSquareSum,
            List<List<Long>> plans) {

        MeasuredForm {
            Subjects.kind(kind);
            plans = orNone(plans);
            for (List<Long> plan : plans) {
                if (orNone(plan).size() != PLAN_NUMBERS) {
                    throw new IllegalArgumentException(
                            "plans holds pairs of a version and its tokens");
                }
            }
        }

        Half half(RunSpec spec) {
            HalfId id = Subjects.half(spec, Subjects.kind(kind), index, part);
            List<PlanTokens> drawn =
                    plans.stream().map(plan -> new PlanTokens(plan.get(0), plan.get(1))).toList();
            return Subjects.checked(
                    new Half(id, drawn, tokens, sequences, lossSum, lossSquareSum, NO_SKETCH),
                    spec);
        }
    }

    /** A signal that the client lost. */
    record DroppedForm(String kind, long index, int part) {

        DroppedForm {
            Subjects.kind(kind);
        }

        HalfId id(RunSpec spec) {
            return Subjects.half(spec, Subjects.kind(kind), index, part);
        }
    }
}
