package io.sluice.state.flink.layout;

import io.sluice.core.sequence.PlanAck;
import io.sluice.state.flink.Layout;
import java.util.ArrayList;
import java.util.List;

class PlanAckLayoutTest extends LayoutContract<PlanAck> {

    @Override
    Layout<PlanAck> layout() {
        return PlanAckLayout.INSTANCE;
    }

    @Override
    PlanAck realistic() {
        return new PlanAck(
                TestingState.RUN,
                17,
                13,
                "ef".repeat(32),
                3,
                PlanAck.Verdict.WRONG_BASE,
                TestingState.plan());
    }

    @Override
    List<PlanAck> extremes() {
        List<PlanAck> acks = new ArrayList<>();
        for (PlanAck.Verdict verdict : PlanAck.Verdict.values()) {
            acks.add(
                    new PlanAck(
                            "",
                            Long.MIN_VALUE,
                            Long.MAX_VALUE,
                            "",
                            -1,
                            verdict,
                            TestingState.largestPlan()));
        }
        return acks;
    }
}
