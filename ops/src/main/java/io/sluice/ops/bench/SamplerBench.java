package io.sluice.ops.bench;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.core.sampling.ExactSampler;
import io.sluice.core.sequence.SealedPlan;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** How many draws a second the exact sampler makes on one core, step by step as a bridge asks. */
public final class SamplerBench {

    private static final int[] GROUPS = {26, 1_000};
    private static final int DRAWS_PER_STEP = 1_024;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final long draws;
    private final PrintStream progress;

    /**
     * @param draws draws that are measured with the smaller number of groups
     */
    public SamplerBench(long draws, PrintStream progress) {
        this.draws = draws;
        this.progress = progress;
    }

    /** Measures. */
    public BenchResult run() {
        SortedMap<String, Double> figures = new TreeMap<>();
        for (int groups : GROUPS) {
            progress.println(groups + " groups");
            figures.put("draws_per_second_" + groups + "_groups", drawsPerSecond(groups));
        }
        figures.put("draws_per_second", figures.get("draws_per_second_26_groups"));
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("draws", draws);
        settings.put("drawsPerStep", DRAWS_PER_STEP);
        return BenchResult.here("sampler", figures, settings);
    }

    private double drawsPerSecond(int groups) {
        ExactSampler sampler = new ExactSampler(17, "bench", DRAWS_PER_STEP);
        SealedPlan plan = plan(groups);
        // A draw looks at every group: as many looks, whatever their number.
        long steps = Math.max(1, draws * GROUPS[0] / groups / DRAWS_PER_STEP);
        long drawn = 0;
        long start = 0;
        for (long step = 0; step < 2 * steps; step++) {
            if (step == steps) {
                drawn = 0;
                start = CPU.getCurrentThreadCpuTime();
            }
            drawn += sampler.draws(plan, step).size();
        }
        return drawn / ((CPU.getCurrentThreadCpuTime() - start) / 1e9);
    }

    private static SealedPlan plan(int groups) {
        List<GroupId> ids =
                IntStream.range(0, groups)
                        .mapToObj(j -> new GroupId(String.format(Locale.ROOT, "group-%04d", j)))
                        .toList();
        double[] weights = IntStream.range(0, groups).mapToDouble(j -> 1.0 + j % 7).toArray();
        return new SealedPlan(
                new Plan(
                        "bench",
                        0,
                        0,
                        "",
                        -1,
                        0,
                        "",
                        0,
                        Mixture.normalised(ids, weights),
                        Plan.Label.PRIOR,
                        "digest"),
                0);
    }
}
