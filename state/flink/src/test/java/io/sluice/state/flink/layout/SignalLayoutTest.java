package io.sluice.state.flink.layout;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.Signal.PlanTokens;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Random;

class SignalLayoutTest extends LayoutContract<Signal> {

    @Override
    Layout<Signal> layout() {
        return SignalLayout.INSTANCE;
    }

    @Override
    Signal realistic() {
        byte[] sketch = new byte[2 * 64];
        new Random(1).nextBytes(sketch);
        return new Signal(
                TestingState.RUN,
                TestingState.SPEC_DIGEST,
                17,
                41,
                Subject.of(new GroupId("en_novels")),
                "rank-8",
                1,
                8_200,
                8_399,
                List.of(new PlanTokens(11, 40_960), new PlanTokens(12, 81_920)),
                122_880,
                60,
                301_234.5,
                812_345.75,
                sketch);
    }

    @Override
    List<Signal> extremes() {
        return List.of(
                extreme(List.of(), Double.POSITIVE_INFINITY, new byte[0]),
                extreme(
                        List.of(new PlanTokens(Long.MIN_VALUE, Long.MAX_VALUE)),
                        -0.0,
                        new byte[2 * SketchSpec.MAX_DIMENSION]));
    }

    private static Signal extreme(List<PlanTokens> plans, double lossSum, byte[] sketch) {
        return new Signal(
                "",
                "",
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Subject.of(new TargetId("t".repeat(128))),
                "",
                Integer.MAX_VALUE,
                -1,
                Long.MAX_VALUE,
                plans,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                lossSum,
                Double.MIN_VALUE,
                sketch);
    }
}
