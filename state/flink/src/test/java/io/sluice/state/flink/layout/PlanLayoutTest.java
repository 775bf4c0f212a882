package io.sluice.state.flink.layout;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.state.flink.Layout;
import java.util.ArrayList;
import java.util.List;

class PlanLayoutTest extends LayoutContract<Plan> {

    @Override
    Layout<Plan> layout() {
        return PlanLayout.INSTANCE;
    }

    @Override
    Plan realistic() {
        return TestingState.plan();
    }

    @Override
    List<Plan> extremes() {
        List<Plan> plans = new ArrayList<>();
        plans.add(TestingState.largestPlan());
        for (Plan.Label label : Plan.Label.values()) {
            plans.add(
                    new Plan(
                            "",
                            Long.MIN_VALUE,
                            -1,
                            "",
                            -1,
                            0,
                            "",
                            0,
                            Mixture.of(
                                    List.of(new GroupId("a"), new GroupId("b"), new GroupId("c")),
                                    new double[] {1, 0, Double.MIN_VALUE}),
                            label,
                            ""));
        }
        return plans;
    }
}
