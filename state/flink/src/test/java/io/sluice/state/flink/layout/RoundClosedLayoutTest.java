package io.sluice.state.flink.layout;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.state.flink.Layout;
import java.util.ArrayList;
import java.util.List;

class RoundClosedLayoutTest extends LayoutContract<RoundClosed> {

    @Override
    Layout<RoundClosed> layout() {
        return RoundClosedLayout.INSTANCE;
    }

    @Override
    RoundClosed realistic() {
        return new RoundClosed(
                TestingState.RUN,
                TestingState.SPEC_DIGEST,
                17,
                41,
                "rank-8",
                8_200,
                8_399,
                List.of(
                        new SubjectOutcome(Subject.Kind.GROUP, 0, 0, Outcome.ACKNOWLEDGED),
                        new SubjectOutcome(Subject.Kind.GROUP, 0, 1, Outcome.DROPPED),
                        new SubjectOutcome(Subject.Kind.TARGET, 1, 1, Outcome.ABSENT)),
                3e-4,
                List.of(new Evaluation(0, 2.5, 4_096), new Evaluation(1, 3.25, 8_192)),
                123_456_789_012L);
    }

    @Override
    List<RoundClosed> extremes() {
        List<SubjectOutcome> outcomes = new ArrayList<>();
        for (int index = 0; index < TestingState.MOST; index++) {
            for (int part = 0; part < 2; part++) {
                outcomes.add(
                        new SubjectOutcome(
                                Subject.Kind.GROUP, index, part, Outcome.values()[index % 3]));
            }
        }
        return List.of(
                closed(List.of(), Double.NEGATIVE_INFINITY, List.of()),
                closed(outcomes, -0.0, List.of(new Evaluation(-1, Double.NaN, Long.MIN_VALUE))));
    }

    private static RoundClosed closed(
            List<SubjectOutcome> outcomes, double learningRate, List<Evaluation> evaluations) {
        return new RoundClosed(
                "",
                "",
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                "",
                0,
                Long.MAX_VALUE,
                outcomes,
                learningRate,
                evaluations,
                -1);
    }
}
