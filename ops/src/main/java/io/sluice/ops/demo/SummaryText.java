package io.sluice.ops.demo;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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
        if (summary.stream() != null) {
            stream(text, summary.stream());
        }
        line(text, "%nReport: %s", summary.report());
        return text.toString();
    }

    private static void stream(StringBuilder text, DemoSummary.Stream stream) {
        line(
                text,
                "%n  arrived while it trained: %,d documents, %,d admitted; %s",
                sum(stream.offered()),
                sum(stream.admitted()),
                stream.rejected().entrySet().stream()
                        .map(
                                reason ->
                                        String.format(
                                                "%,d %s",
                                                reason.getValue(),
                                                reason.getKey()
                                                        .toLowerCase(Locale.ROOT)
                                                        .replace('_', ' ')))
                        .collect(Collectors.joining(", ")));
        line(
                text,
                "  junk: %.2f %% of the drawn bytes (%,d of %,d documents admitted) ... %s",
                100 * stream.junkShare(),
                stream.admitted().getOrDefault("JUNK", 0L),
                stream.offered().getOrDefault("JUNK", 0L),
                verdict(stream.junkKeptOut()));
        line(
                text,
                "  planted copies of test text: %,d of %,d admitted ... %s",
                stream.plantedAdmitted(),
                stream.offered().getOrDefault("TEST", 0L),
                verdict(stream.copiesKeptOut()));
        line(
                text,
                "  late group %s: %s ... %s",
                stream.lateGroup(),
                stream.announcedStep() == null
                        ? "the run ended before it was announced"
                        : stream.firstDrawnStep() == null
                                ? "announced at step " + stream.announcedStep() + ", not drawn"
                                : String.format(
                                        "announced at step %,d, drawn from step %,d, %d rounds later",
                                        stream.announcedStep(),
                                        stream.firstDrawnStep(),
                                        stream.roundsToDraw()),
                verdict(stream.lateGroupDrawn()));
        line(
                text,
                "  %,d documents drawn again, %,d draws without a document",
                stream.repeats(),
                stream.drawsWithoutDocument());
    }

    private static String verdict(boolean holds) {
        return holds ? "as it should be" : "NOT AS IT SHOULD BE";
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(format, values)).append(System.lineSeparator());
    }
}
