package io.sluice.ops.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.sluice.core.solver.MixtureProgram;
import io.sluice.core.solver.MixtureSolver;
import io.sluice.core.solver.SampleProgram;
import io.sluice.core.solver.SolverResult.Solved;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the solver takes of one core, by CPU time, and how it compares with SciPy's SLSQP on the
 * same programs. Each figure is the median over programs that differ, after as many again in which
 * the code is compiled.
 */
public final class SolverBench {

    private static final int[][] SIZES = {{26, 5}, {1_000, 5}, {10_000, 5}};
    private static final int TARGETS = 5;
    private static final int COMPARED_GROUPS = 100;
    private static final double STRENGTH = 0.1;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final int programs;
    private final boolean compare;
    private final PrintStream progress;

    private double largestGap;

    /**
     * @param programs programs of each size
     * @param compare whether to run SciPy too
     */
    public SolverBench(int programs, boolean compare, PrintStream progress) {
        this.programs = programs;
        this.compare = compare;
        this.progress = progress;
    }

    /** Measures. */
    public BenchResult run() throws InterruptedException {
        SortedMap<String, Double> figures = new TreeMap<>();
        for (int[] size : SIZES) {
            progress.println(size[0] + " groups, " + size[1] + " targets");
            figures.put("ms_" + size[0] + "x" + size[1], median(size[0], size[1]));
        }
        if (compare) {
            compare(figures);
        }
        figures.put("max_gap", largestGap);
        SortedMap<String, Object> settings = new TreeMap<>();
        settings.put("programs", programs);
        settings.put("strength", STRENGTH);
        settings.put("comparedGroups", COMPARED_GROUPS);
        return BenchResult.here("solver", figures, settings);
    }

    private double median(int m, int n) {
        double[] millis = new double[programs];
        int warmUp = Math.max(programs, 2_000 / m);
        for (int k = -warmUp; k < programs; k++) {
            MixtureProgram program = SampleProgram.of(k + warmUp, m, n, STRENGTH);
            long start = CPU.getCurrentThreadCpuTime();
            Solved solved = solve(program);
            if (k >= 0) {
                millis[k] = (CPU.getCurrentThreadCpuTime() - start) / 1e6;
                largestGap = Math.max(largestGap, solved.relativeGap());
            }
        }
        Arrays.sort(millis);
        return millis[programs / 2];
    }

    /** Wall time on both sides, one program after the other. */
    private void compare(SortedMap<String, Double> figures) throws InterruptedException {
        Optional<String> python = SciPy.interpreter(progress);
        if (python.isEmpty()) {
            progress.println("no SciPy: speedup_vs_slsqp is left out");
            return;
        }
        progress.println(COMPARED_GROUPS + " groups, beside SciPy's SLSQP");
        int compared = Math.min(programs, 20);
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "time",
                                Integer.toString(COMPARED_GROUPS),
                                Integer.toString(TARGETS),
                                Double.toString(STRENGTH)));
        for (int seed = 0; seed < compared; seed++) {
            arguments.add(Integer.toString(seed));
        }
        double[] theirs = new double[compared];
        double[] ours = new double[compared];
        double excess = Double.NEGATIVE_INFINITY;
        try (JsonProcess script = PythonScript.start(python.get(), "slsqp.py", arguments)) {
            for (int seed = 0; seed < compared; seed++) {
                JsonNode told =
                        script.hear(PATIENCE)
                                .orElseThrow(
                                        () -> new IllegalStateException("slsqp.py ended early"));
                theirs[seed] = told.get("seconds").doubleValue();
                MixtureProgram program = SampleProgram.of(seed, COMPARED_GROUPS, TARGETS, STRENGTH);
                long start = System.nanoTime();
                Solved solved = solve(program);
                ours[seed] = (System.nanoTime() - start) / 1e9;
                double objective = told.get("objective").doubleValue();
                excess =
                        Math.max(
                                excess,
                                (solved.objective() - objective)
                                        / Math.max(1, Math.abs(objective)));
            }
        }
        Arrays.sort(theirs);
        Arrays.sort(ours);
        figures.put("ms_100x5", 1e3 * ours[compared / 2]);
        figures.put("slsqp_ms_100x5", 1e3 * theirs[compared / 2]);
        figures.put("speedup_vs_slsqp", theirs[compared / 2] / ours[compared / 2]);
        figures.put("largest_objective_excess", excess);
    }

    private static Solved solve(MixtureProgram program) {
        if (MixtureSolver.solve(program) instanceof Solved solved) {
            return solved;
        }
        throw new IllegalStateException("a sample program was not solved");
    }
}
