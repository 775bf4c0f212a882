package io.sluice.ops.bench;

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
import io.sluice.core.policy.MixingPolicy;
import io.sluice.core.policy.PolicyCatalog;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.core.policy.PolicyStep;
import io.sluice.core.policy.RoundSnapshot;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What one step of each closed-form policy takes of one core with the most groups that a run may
 * have, and what its memory holds. {@code tikmix-d} solves a program and {@code aioli} refuses so
 * many groups: they are not closed forms.
 */
public final class PoliciesBench {

    private static final int GROUPS = RunSpec.MAX_GROUPS;
    private static final int TARGETS = 5;
    private static final List<String> OTHERS = List.of("aioli", "tikmix-d");
    private static final int WARM_UP = 60;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final int steps;
    private final PrintStream progress;

    /**
     * @param steps steps that are measured of each policy
     */
    public PoliciesBench(int steps, PrintStream progress) {
        this.steps = steps;
        this.progress = progress;
    }

    /** Measures. */
    public BenchResult run() {
        SortedMap<String, Double> figures = new TreeMap<>();
        double worst = 0;
        double most = 0;
        for (String name : PolicyCatalog.names()) {
            if (!OTHERS.contains(name)) {
                progress.println(name);
                double[] found = measure(name);
                String suffix = name.replace('-', '_');
                figures.put("ms_" + suffix, found[0]);
                figures.put("slowest_ms_" + suffix, found[1]);
                figures.put("bytes_per_group_" + suffix, found[2]);
                worst = Math.max(worst, found[0]);
                most = Math.max(most, found[2]);
            }
        }
        figures.put("worst_ms_10000_groups", worst);
        figures.put("bytes_per_group", most);
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("groups", GROUPS);
        settings.put("targets", TARGETS);
        settings.put("steps", steps);
        return BenchResult.here("policies", figures, settings);
    }

    /** Median and slowest step in milliseconds of CPU time, and bytes of memory a group. */
    private double[] measure(String name) {
        RunSpec spec = spec(name);
        MixingPolicy policy = PolicyCatalog.create(spec);
        PolicyMemory memory = PolicyMemory.EMPTY;
        Random random = new Random(1);
        double[] millis = new double[steps];
        for (int round = -WARM_UP; round < steps; round++) {
            RoundSnapshot snapshot = snapshot(spec, round + WARM_UP, random);
            long start = CPU.getCurrentThreadCpuTime();
            PolicyStep step = policy.step(snapshot, memory);
            if (round >= 0) {
                millis[round] = (CPU.getCurrentThreadCpuTime() - start) / 1e6;
            }
            memory = step.memory();
        }
        Arrays.sort(millis);
        return new double[] {millis[steps / 2], millis[steps - 1], bytes(memory) / GROUPS};
    }

    /** Names and numbers as they are stored. */
    private static double bytes(PolicyMemory memory) {
        double bytes = 0;
        for (Map.Entry<String, double[]> vector : memory.vectors().entrySet()) {
            bytes += 2 + vector.getKey().length() + 4 + 8.0 * vector.getValue().length;
        }
        return bytes;
    }

    private static RunSpec spec(String policy) {
        return new RunSpec(
                "bench",
                IntStream.range(0, GROUPS)
                        .mapToObj(
                                j ->
                                        new GroupSpec(
                                                new GroupId(String.format(Locale.ROOT, "g%05d", j)),
                                                1.0 / GROUPS,
                                                0,
                                                1))
                        .toList(),
                IntStream.range(0, TARGETS)
                        .mapToObj(i -> new TargetSpec(new TargetId("t" + i), 1.0 / TARGETS))
                        .toList(),
                PolicySpec.of(policy),
                GuardSpec.DEFAULT,
                new RoundSpec(20, 5, 0),
                new SketchSpec(SketchSpec.DEFAULT_DIMENSION, 1),
                1,
                1,
                Mode.CONTROL,
                "");
    }

    private static RoundSnapshot snapshot(RunSpec spec, int round, Random random) {
        RoundSnapshot.Losses losses = RoundSnapshot.Losses.none(spec);
        boolean[] measured = new boolean[GROUPS];
        double[][] mean = new double[TARGETS][GROUPS];
        double[][] error = new double[TARGETS][GROUPS];
        Arrays.fill(measured, true);
        double fall = 3 / Math.sqrt(1 + round);
        for (int j = 0; j < GROUPS; j++) {
            losses.tokens()[j] = 1_000;
            losses.group()[j] = 1 + fall + 0.01 * random.nextGaussian();
            for (int i = 0; i < TARGETS; i++) {
                mean[i][j] = Math.tanh(0.1 * random.nextGaussian());
                error[i][j] = 0.02;
            }
        }
        for (int i = 0; i < TARGETS; i++) {
            losses.evaluated()[i] = true;
            losses.target()[i] = 1 + fall;
        }
        return new RoundSnapshot(
                spec,
                round,
                spec.rounds().lastStep(round),
                spec.prior(),
                new RoundSnapshot.Alignments(measured, mean, error),
                losses);
    }
}
