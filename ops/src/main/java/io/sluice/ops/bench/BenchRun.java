package io.sluice.ops.bench;

import io.sluice.bridge.BridgeOptions;
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
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The made-up runs of the benchmarks with scripted trainers. */
enum BenchRun {
    /** A run of the size that the step's cost is stated for. */
    STEP_COST(26, 2, "dga", SketchSpec.DEFAULT_DIMENSION, 5),
    /** A run whose plans a script publishes; long leases, for its steps take no time. */
    RANKS(12, 0, "static", 31, 500),
    /** A run whose sketches Python can add up in a fraction of a step. */
    OUTAGE(8, 1, "dga", 1021, 5);

    static final int DRAWS = 8;
    static final int ROUND_STEPS = 20;

    private static final int LEAD_STEPS = 5;

    private final int groups;
    private final int targets;
    private final String policy;
    private final int dimension;
    private final int leaseSteps;

    int leaseSteps() {
        return leaseSteps;
    }

    BenchRun(int groups, int targets, String policy, int dimension, int leaseSteps) {
        this.groups = groups;
        this.targets = targets;
        this.policy = policy;
        this.dimension = dimension;
        this.leaseSteps = leaseSteps;
    }

    /**
     * The run's declaration. A script's plans may have any weights; the job's stay within bounds.
     *
     * @param id its name
     * @param seed seed of its draws
     */
    RunSpec spec(String id, long seed) {
        boolean bounded = targets > 0;
        double prior = 1.0 / groups;
        return new RunSpec(
                id,
                IntStream.range(0, groups)
                        .mapToObj(
                                j ->
                                        new GroupSpec(
                                                new GroupId(
                                                        String.format(
                                                                Locale.ROOT, "group-%02d", j)),
                                                prior,
                                                bounded ? 0.1 * prior : 0,
                                                bounded ? Math.min(1, 10 * prior) : 1))
                        .toList(),
                IntStream.range(0, targets)
                        .mapToObj(i -> new TargetSpec(new TargetId("target-" + i), 1.0 / targets))
                        .toList(),
                PolicySpec.of(policy),
                GuardSpec.DEFAULT,
                new RoundSpec(ROUND_STEPS, LEAD_STEPS, 0),
                new SketchSpec(dimension, seed),
                1,
                seed,
                Mode.CONTROL,
                "");
    }

    /** Options of a bridge for it. */
    BridgeOptions options(String bootstrap, Path state) {
        return BridgeOptions.of(bootstrap, state)
                .withDrawsPerStep(DRAWS)
                .withLeaseSteps(leaseSteps);
    }

    /** The run as settings of a result. */
    SortedMap<String, Object> settings() {
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("groups", groups);
        settings.put("targets", targets);
        settings.put("drawsPerStep", DRAWS);
        settings.put("roundSteps", ROUND_STEPS);
        settings.put("sketchDimension", dimension);
        settings.put("leaseSteps", leaseSteps);
        return settings;
    }
}
