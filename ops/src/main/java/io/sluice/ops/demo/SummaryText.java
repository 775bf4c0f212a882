package io.sluice.ops.demo;

import java.util.Comparator;

/** A summary as a person reads it. */
public final class SummaryText {

    private SummaryText() {}

    /** Several lines, the last one ended. */
    public static String of(DemoSummary summary) {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "%nTrained %,d steps on %,d bytes in %.0f s with policy %s, seed %d.",
                summary.steps(),
                summary.tokens(),
                summary.seconds(),
                summary.policy(),
                summary.seed());
        line(text, "%n  %-16s %8s %8s %14s", "group", "prior", "last", "drawn bytes");
        summary.groups().stream()
                .sorted(Comparator.comparingDouble(DemoSummary.Group::last).reversed())
                .forEach(
                        group ->
                                line(
                                        text,
                                        "  %-16s %7.1f%% %7.1f%% %,14d%s",
                                        group.id(),
                                        100 * group.prior(),
                                        100 * group.last(),
                                        group.drawnTokens(),
                                        group.poor() ? "  (known to be poor)" : ""));
        line(text, "%n  %-16s %8s %8s   nats per byte on held-out rows", "target", "first", "last");
        for (DemoSummary.Target target : summary.targets()) {
            line(text, "  %-16s %8.3f %8.3f", target.id(), target.firstLoss(), target.lastLoss());
        }
        line(
                text,
                "%n  plans: %d published because of feedback, %d applied by the trainer, %d refused",
                summary.plans().published(),
                summary.plans().applied(),
                summary.plans().refused());
        line(
                text,
                "  signals: %,d counted, %d repeated, %d late, %d rejected, %d dropped",
                summary.signals().accepted(),
                summary.signals().duplicates(),
                summary.signals().late(),
                summary.signals().rejected(),
                summary.signals().dropped());
        if (summary.plans().published() > 0) {
            line(
                    text,
                    "  from a round's last record to its plan in the bridge: p50 %.0f ms, p99 %.0f ms",
                    summary.feedbackLatencyMillis().p50(),
                    summary.feedbackLatencyMillis().p99());
        }
        line(text, "%nReport: %s", summary.report());
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(format, values)).append(System.lineSeparator());
    }
}
