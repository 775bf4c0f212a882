package io.sluice.core.solver;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** Prints the CPU time that programs of several sizes take; to be run by hand. */
public final class SolverTimings {

    private static final int[][] SIZES = {{26, 5}, {200, 10}, {1000, 5}, {10_000, 5}};
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int REPETITIONS = 100;
    private static final int WARM_UP = 1000;

    private SolverTimings() {}

    public static void main(String[] arguments) {
        System.out.println("groups x targets   median ms   slowest ms (CPU)");
        for (int[] size : SIZES) {
            double[] millis = new double[REPETITIONS];
            for (int k = -WARM_UP * 26 / size[0]; k < REPETITIONS; k++) {
                MixtureProgram program =
                        new RandomProgram(new Random(k), size[0], size[1], 1).program;
                long start = CPU.getCurrentThreadCpuTime();
                SolverResult result = MixtureSolver.solve(program);
                double taken = (CPU.getCurrentThreadCpuTime() - start) / 1e6;
                if (!(result instanceof SolverResult.Solved)) {
                    throw new IllegalStateException(result.toString());
                }
                if (k >= 0) {
                    millis[k] = taken;
                }
            }
            Arrays.sort(millis);
            System.out.printf(
                    Locale.ROOT,
                    "%6d x %-3d %15.3f %12.3f%n",
                    size[0],
                    size[1],
                    millis[REPETITIONS / 2],
                    millis[REPETITIONS - 1]);
        }
    }
}
