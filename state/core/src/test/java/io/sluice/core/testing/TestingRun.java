package io.sluice.core.testing;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.PlanDigest;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.core.sketch.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Declares small runs for tests. What is not set has a value that never decides a test. */
public final class TestingRun {

    /** Stands in for the contract's digest. */
    public static final PlanDigest DIGEST =
            plan -> Long.toHexString(Hashes.hash(plan.withDigest("").toString()));

    private final List<GroupSpec> groups = new ArrayList<>();
    private final List<TargetSpec> targets = new ArrayList<>();
    private PolicySpec policy = PolicySpec.of("static");
    private GuardSpec guards = GuardSpec.DEFAULT;
    private RoundSpec rounds = new RoundSpec(10, 2, 0);
    private int dimension = 16;
    private int shards = 1;
    private Mode mode = Mode.CONTROL;
    private Optional<String> catalog = Optional.empty();

    private TestingRun() {}

    /** A run without groups and targets yet. */
    public static TestingRun run() {
        return new TestingRun();
    }

    /** A run of groups g000, g001, ... with these priors, free between 0 and 1. */
    public static TestingRun ofPriors(double... priors) {
        TestingRun run = run();
        for (int j = 0; j < priors.length; j++) {
            run.group(id(j), priors[j], 0, 1);
        }
        return run;
    }

    /** The id of the j-th group of {@link #ofPriors}. */
    public static String id(int j) {
        return String.format(Locale.ROOT, "g%03d", j);
    }

    /** The ids of the first m groups of {@link #ofPriors}. */
    public static List<GroupId> ids(int m) {
        List<GroupId> ids = new ArrayList<>();
        for (int j = 0; j < m; j++) {
            ids.add(new GroupId(id(j)));
        }
        return ids;
    }

    public TestingRun group(String id, double prior, double floor, double cap) {
        groups.add(new GroupSpec(new GroupId(id), prior, floor, cap));
        return this;
    }

    public TestingRun group(GroupSpec value) {
        groups.add(value);
        return this;
    }

    public TestingRun target(TargetSpec value) {
        targets.add(value);
        return this;
    }

    public TestingRun target(String id, double weight) {
        targets.add(new TargetSpec(new TargetId(id), weight));
        return this;
    }

    public TestingRun policy(PolicySpec value) {
        policy = value;
        return this;
    }

    public TestingRun guards(GuardSpec value) {
        guards = value;
        return this;
    }

    public TestingRun rounds(int steps, int leadSteps, long warmUpSteps) {
        rounds = new RoundSpec(steps, leadSteps, warmUpSteps);
        return this;
    }

    public TestingRun leastReporters(double value) {
        rounds = new RoundSpec(rounds.steps(), rounds.leadSteps(), rounds.warmUpSteps(), value);
        return this;
    }

    public TestingRun dimension(int value) {
        dimension = value;
        return this;
    }

    public TestingRun shards(int value) {
        shards = value;
        return this;
    }

    public TestingRun mode(Mode value) {
        mode = value;
        return this;
    }

    public TestingRun catalog(String value) {
        catalog = Optional.of(value);
        return this;
    }

    public RunSpec build() {
        return new RunSpec(
                "run",
                groups,
                targets,
                policy,
                guards,
                rounds,
                new SketchSpec(dimension, 7),
                shards,
                42,
                mode,
                "spec",
                catalog);
    }

    /** Version 0 of a run: its prior. */
    public static Plan prior(RunSpec spec) {
        Plan plan =
                new Plan(
                        spec.runId(),
                        0,
                        0,
                        spec.digest(),
                        -1,
                        0,
                        "",
                        0,
                        spec.prior(),
                        Plan.Label.PRIOR,
                        "");
        return plan.withDigest(DIGEST.of(plan));
    }

    /** An attempt that begins on the prior. */
    public static Attempt attempt(RunSpec spec, long number, long resumeStep, String... reporters) {
        return new Attempt(
                spec.runId(), number, spec.digest(), resumeStep, List.of(reporters), prior(spec));
    }
}
