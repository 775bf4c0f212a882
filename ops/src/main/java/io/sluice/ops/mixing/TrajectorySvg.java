package io.sluice.ops.mixing;

import java.util.Locale;

/** A simulation's shares by round as a picture: one line a group, in one file without scripts. */
public final class TrajectorySvg {

    private static final String[] COLOURS = {
        "#1b6ca8", "#c8553d", "#588157", "#8e6c8a", "#d4a017", "#3d405b", "#2a9d8f", "#b56576"
    };
    private static final int WIDTH = 720;
    private static final int HEIGHT = 360;
    private static final int LEFT = 56;
    private static final int TOP = 40;
    private static final int RIGHT = 110;
    private static final int BOTTOM = 44;

    private final SimulationReport report;
    private final StringBuilder svg = new StringBuilder();
    private final double most;

    private TrajectorySvg(SimulationReport report) {
        this.report = report;
        double largest = 0;
        for (double[] round : report.trajectory()) {
            for (double share : round) {
                largest = Math.max(largest, share);
            }
        }
        most = Math.min(1, Math.ceil(largest * 10) / 10);
    }

    /** The picture as SVG. */
    public static String of(SimulationReport report) {
        return new TrajectorySvg(report).draw();
    }

    /** The picture in a page with the figures above it. */
    public static String page(SimulationReport report) {
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"
                + title(report)
                + "</title></head>\n<body style=\"font-family: sans-serif; max-width: 760px;"
                + " margin: 2em auto\">\n<pre>"
                + SimulationText.of(report).replace("&", "&amp;").replace("<", "&lt;")
                + "</pre>\n"
                + of(report)
                + "</body></html>\n";
    }

    private static String title(SimulationReport report) {
        return report.policy() + " in " + report.scenario();
    }

    private String draw() {
        line(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
                WIDTH, HEIGHT);
        line("<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>");
        line(
                "<text x=\"%d\" y=\"22\" font-size=\"15\">%s: shares by round</text>",
                LEFT, title(report));
        for (int tick = 0; tick <= 4; tick++) {
            double share = most * tick / 4;
            double y = y(share);
            line(
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"#ddd\"/>",
                    LEFT, y, WIDTH - RIGHT, y);
            line(
                    "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3f</text>",
                    LEFT - 6, y + 4, share);
            int round = (report.trajectory().length - 1) * tick / 4;
            line(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
                    x(round), HEIGHT - BOTTOM + 18, round);
        }
        for (int j = 0; j < report.bestFixed().length; j++) {
            group(j);
        }
        line(
                "<text x=\"%d\" y=\"%d\" fill=\"#555\">round; dashes: the best fixed mixture</text>",
                LEFT, HEIGHT - 8);
        line("</svg>");
        return svg.toString();
    }

    private void group(int j) {
        String colour = COLOURS[j % COLOURS.length];
        StringBuilder points = new StringBuilder();
        for (int round = 0; round < report.trajectory().length; round++) {
            points.append(
                    String.format(
                            Locale.ROOT, "%.1f,%.1f ", x(round), y(report.trajectory()[round][j])));
        }
        line(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\" points=\"%s\"/>",
                colour, points.toString().strip());
        double best = y(report.bestFixed()[j]);
        line(
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"%s\" stroke-dasharray=\"3 4\"/>",
                LEFT, best, WIDTH - RIGHT, best, colour);
        line(
                "<text x=\"%d\" y=\"%d\" fill=\"%s\">group-%d</text>",
                WIDTH - RIGHT + 12, TOP + 16 + 18 * j, colour, j);
    }

    private double x(int round) {
        int last = Math.max(report.trajectory().length - 1, 1);
        return LEFT + (double) round / last * (WIDTH - LEFT - RIGHT);
    }

    private double y(double share) {
        return HEIGHT - BOTTOM - share / most * (HEIGHT - TOP - BOTTOM);
    }

    private void line(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
