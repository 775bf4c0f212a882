package io.sluice.ops.cli;

import io.sluice.ops.run.RunReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** A run file's result as tables. */
final class RunText {

    private RunText() {}

    static String of(RunReport report) {
        List<List<String>> groups = new ArrayList<>();
        groups.add(List.of("group", "share", "floor", "cap", "files", "bytes", "data"));
        for (RunReport.Group group : report.groups()) {
            groups.add(
                    List.of(
                            group.id(),
                            group.dormant() ? "dormant" : share(group.share()),
                            share(group.floor()),
                            share(group.cap()),
                            count(group.data().files()),
                            count(group.data().bytes()),
                            group.data().source()));
        }
        List<List<String>> targets = new ArrayList<>();
        targets.add(List.of("target", "weight", "files", "bytes", "data"));
        for (RunReport.Target target : report.targets()) {
            targets.add(
                    List.of(
                            target.id(),
                            share(target.weight()),
                            count(target.data().files()),
                            count(target.data().bytes()),
                            target.data().source()));
        }
        return "run %s: policy %s, mode %s, seed %d%n"
                        .formatted(report.run(), report.policy(), report.mode(), report.seed())
                + "rounds of %d steps, plans %d steps after them, nothing decided before step %d, %d draws a step%n%n"
                        .formatted(
                                report.roundSteps(),
                                report.leadSteps(),
                                report.warmUpSteps(),
                                report.drawsPerStep())
                + table(groups)
                + System.lineSeparator()
                + (report.targets().isEmpty()
                        ? "no targets" + System.lineSeparator()
                        : table(targets));
    }

    /** Columns as wide as their widest cell; the first and the last to the left. */
    private static String table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        StringBuilder text = new StringBuilder();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                boolean left = c == 0 || c == columns - 1;
                line.append(("%" + (left ? "-" : "") + widths[c] + "s  ").formatted(row.get(c)));
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.4f", share);
    }

    private static String count(OptionalLong count) {
        return count.isPresent() ? String.format(Locale.ROOT, "%,d", count.getAsLong()) : "-";
    }
}
