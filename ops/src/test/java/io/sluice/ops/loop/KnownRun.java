package io.sluice.ops.loop;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import java.util.List;
import java.util.Map;

/** A run whose best mixture is known: all that the floors leave, to the group that helps. */
final class KnownRun {

    static final int ROUND_STEPS = 8;
    static final int DRAWS = 8;
    static final GroupId HELPS = new GroupId("helps");
    static final GroupId HURTS = new GroupId("hurts");
    static final GroupId USELESS = new GroupId("useless");
    static final Map<GroupId, Double> COSINES = Map.of(HELPS, 0.9, HURTS, -0.5, USELESS, 0.0);

    private KnownRun() {}

    static RunSpec spec(String run, String policy) {
        return new RunSpec(
                run,
                List.of(
                        new GroupSpec(HELPS, 0.3, 0.05, 0.9),
                        new GroupSpec(HURTS, 0.3, 0.05, 0.9),
                        new GroupSpec(USELESS, 0.4, 0.05, 0.9)),
                List.of(new TargetSpec(new TargetId("target"), 1)),
                PolicySpec.of(policy),
                GuardSpec.DEFAULT,
                new RoundSpec(ROUND_STEPS, 1, 0),
                new SketchSpec(61, 7),
                2,
                7,
                Mode.CONTROL,
                "");
    }
}
