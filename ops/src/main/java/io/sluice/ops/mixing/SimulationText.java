package io.sluice.ops.mixing;

import java.util.Locale;

/** A simulation's figures and its trajectory for a terminal. */
public final class SimulationText {

    private static final String LEVELS = " ▁▂▃▄▅▆▇█";
    private static final int COLUMNS = 60;

    private SimulationText() {}

    /** The report as lines. */
    public static String of(SimulationReport report) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%s in %s: %s",
                report.policy(),
                report.scenario(),
                report.settings().toString().replaceAll("[{}]", ""));
        if (!report.options().isEmpty()) {
            line(text, "options: %s", report.options().toString().replaceAll("[{}]", ""));
        }
        text.append('\n');
        line(text, "mean loss at the end, in nats     against equal shares   against best fixed");
        line(text, "  equal shares        %8.4f", report.equalLoss());
        line(
                text,
                "  best fixed mixture  %8.4f    %+.4f",
                report.bestFixedLoss(),
                report.bestFixedLoss() - report.equalLoss());
        line(
                text,
                "  %-18s  %8.4f    %+.4f                %+.4f; standard error %.4f",
                report.policy(),
                report.equalLoss() + report.deltaEqual(),
                report.deltaEqual(),
                report.deltaBestFixed(),
                report.deltaEqualError());
        if (report.returnedRuns() > 0) {
            line(
                    text,
                    "the governor returned to the prior in %.0f %% of the runs, for %.1f %% of all rounds",
                    100 * report.returnedRuns(),
                    100 * report.returnedRounds());
        }
        text.append('\n');
        double most = most(report.trajectory());
        line(
                text,
                "shares by round, mean of the seeds; the full height is %.2f; last, and best fixed",
                most);
        for (int j = 0; j < report.bestFixed().length; j++) {
            line(
                    text,
                    "  group-%-3d %s  %.3f  %.3f",
                    j,
                    bars(report.trajectory(), j, most),
                    report.trajectory()[report.trajectory().length - 1][j],
                    report.bestFixed()[j]);
        }
        return text.toString();
    }

    private static String bars(double[][] trajectory, int group, double most) {
        StringBuilder bars = new StringBuilder();
        int columns = Math.min(COLUMNS, trajectory.length);
        for (int column = 0; column < columns; column++) {
            double share = trajectory[column * trajectory.length / columns][group];
            bars.append(LEVELS.charAt((int) Math.round(share / most * (LEVELS.length() - 1))));
        }
        return bars.toString();
    }

    private static double most(double[][] trajectory) {
        double most = 0;
        for (double[] round : trajectory) {
            for (double share : round) {
                most = Math.max(most, share);
            }
        }
        return most;
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
