package io.sluice.bridge;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** A small run: groups a, b and c, targets t and u, rounds of four steps, 16 buckets. */
public final class TestingRuns {

    public static final String RUN = "run-1";
    public static final int BUCKETS = 16;
    public static final GroupId A = new GroupId("a");
    public static final GroupId B = new GroupId("b");
    public static final TargetId T = new TargetId("t");

    private TestingRuns() {}

    public static RunSpec declaration() {
        return new RunSpec(
                RUN,
                List.of(
                        new GroupSpec(A, 0.5, 0.05, 0.9),
                        new GroupSpec(B, 0.3, 0.05, 0.9),
                        new GroupSpec(new GroupId("c"), 0.2, 0.05, 0.9)),
                List.of(new TargetSpec(T, 0.5), new TargetSpec(new TargetId("u"), 0.5)),
                PolicySpec.of("static"),
                GuardSpec.DEFAULT,
                new RoundSpec(4, 1, 0),
                new SketchSpec(BUCKETS, 7),
                1,
                42,
                Mode.CONTROL,
                "");
    }

    public static RunSpec spec() {
        return Records.declared(declaration());
    }

    public static BridgeOptions options(Path folder) {
        return BridgeOptions.of("localhost:1", folder)
                .withLeaseSteps(2)
                .withDrawsPerStep(4)
                .withQueueRounds(2)
                .withTimeouts(
                        Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofSeconds(20));
    }

    /** A plan that follows {@code base}, with its digest. */
    public static Plan next(
            Plan base, long attempt, long epoch, long effectiveStep, double... weights) {
        Plan plan =
                new Plan(
                        RUN,
                        attempt,
                        epoch,
                        spec().digest(),
                        0,
                        base.version() + 1,
                        base.digest(),
                        effectiveStep,
                        Mixture.of(base.mixture().groups(), weights),
                        Plan.Label.POLICY,
                        "");
        return plan.withDigest(Records.digest(plan));
    }

    static Observation observation(Subject subject, float value) {
        float[] sketch = new float[BUCKETS];
        Arrays.fill(sketch, value);
        return new Observation(subject, 10, 2, 20, 50, sketch);
    }
}
