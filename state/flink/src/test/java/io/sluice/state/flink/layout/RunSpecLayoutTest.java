package io.sluice.state.flink.layout;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.state.flink.Layout;
import java.util.List;
import java.util.Map;

class RunSpecLayoutTest extends LayoutContract<RunSpec> {

    @Override
    Layout<RunSpec> layout() {
        return RunSpecLayout.INSTANCE;
    }

    @Override
    RunSpec realistic() {
        return TestingState.spec();
    }

    @Override
    RunSpec stored(int version) {
        return switch (version) {
            case 1 -> TestingState.plainSpec();
            case 2 -> TestingState.suppliedSpec();
            case 3 -> TestingState.wholeRoundsSpec();
            default -> TestingState.spec();
        };
    }

    @Override
    List<RunSpec> extremes() {
        RunSpec smallest =
                new RunSpec(
                        "r",
                        List.of(new GroupSpec(new GroupId("g"), 1, 1, 1)),
                        List.of(),
                        PolicySpec.of(
                                "x",
                                Map.of(
                                        "infinite",
                                        Double.NEGATIVE_INFINITY,
                                        "not-a-number",
                                        Double.NaN)),
                        GuardSpec.DEFAULT,
                        new RoundSpec(1, 1, 0),
                        new SketchSpec(16, 0),
                        1,
                        Long.MIN_VALUE,
                        Mode.CONTROL,
                        "");
        return List.of(smallest, TestingState.largest());
    }
}
