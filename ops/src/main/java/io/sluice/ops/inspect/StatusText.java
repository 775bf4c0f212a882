package io.sluice.ops.inspect;

import static io.sluice.ops.inspect.Words.line;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A {@link StatusView} as a person reads it. */
public final class StatusText {

    private static final Map<String, String> KINDS =
            Map.ofEntries(
                    Map.entry("RunSpec", "declaration"),
                    Map.entry("AttemptStarted", "attempt"),
                    Map.entry("CheckpointSaved", "checkpoint"),
                    Map.entry("RunEnded", "end"),
                    Map.entry("GroupSignal", "signal"),
                    Map.entry("RoundClosed", "closed round"),
                    Map.entry("MixturePlan", "plan"),
                    Map.entry("PlanAck", "answer"),
                    Map.entry("Decision", "decision"),
                    Map.entry("Seal", "seal"),
                    Map.entry("Rejected", "reject"),
                    Map.entry("OperatorCommand", "command"));

    private StatusText() {}

    /** One run in full, several as a table; the last line ended. */
    public static String of(StatusView view) {
        StringBuilder text = new StringBuilder();
        if (view.runs().isEmpty()) {
            line(text, "no runs");
        } else if (view.runs().size() == 1) {
            details(text, view.runs().get(0), view.asOf());
        } else {
            text.append(table(view));
        }
        if (!view.otherRejects().isEmpty()) {
            line(text, "rejects of no known run: %s", Words.counts(view.otherRejects()));
        }
        if (view.leftOut() > 0) {
            line(
                    text,
                    "%s of further runs left out: name one with --run",
                    Words.count(view.leftOut(), "record"));
        }
        if (view.skipped() > 0) {
            line(
                    text,
                    "%s skipped that %s not what the contract says: './sluice rejects list' may say why",
                    Words.count(view.skipped(), "record"),
                    view.skipped() == 1 ? "is" : "are");
        }
        return text.toString();
    }

    /** One line per run, for logs; the last line ended. */
    public static String lines(StatusView view) {
        StringBuilder text = new StringBuilder();
        for (RunView run : view.runs()) {
            line(
                    text,
                    "%s run %s: attempt %s, plan %s since step %s, sealed through %s, %s, %d refused, %d rejects",
                    view.asOf(),
                    run.run(),
                    run.attempt().map(a -> Long.toString(a.number())).orElse(Words.UNKNOWN),
                    plan(run),
                    since(run),
                    Words.number(run.sealedThrough()),
                    run.decision().map(StatusText::outcome).orElse("no round decided"),
                    Words.total(run.refused()),
                    Words.total(run.rejects()));
        }
        if (view.runs().isEmpty()) {
            line(text, "%s no runs", view.asOf());
        }
        return text.toString();
    }

    private static void details(StringBuilder text, RunView run, Instant now) {
        line(text, "run %s", run.run());
        field(
                text,
                "declared",
                run.declaration()
                        .map(
                                d ->
                                        Words.format(
                                                "policy %s, mode %s, %s, %s, rounds of %s, digest %s",
                                                d.policy(),
                                                d.mode(),
                                                Words.count(d.groups(), "group"),
                                                Words.count(d.targets(), "target"),
                                                Words.count(d.roundSteps(), "step"),
                                                Words.digest(d.digest())))
                        .orElse("not in the log"));
        field(
                text,
                "attempt",
                run.attempt()
                        .map(
                                a ->
                                        Words.format(
                                                "%d, from step %d, with plan %d",
                                                a.number(), a.resumeStep(), a.version()))
                        .orElse("none has begun"));
        field(
                text,
                "plan",
                run.plan()
                        .map(p -> plan(run) + ", since step " + since(run))
                        .orElse("no step is sealed"));
        run.coming()
                .ifPresent(
                        c ->
                                field(
                                        text,
                                        "coming",
                                        Words.format(
                                                "plan %d, accepted for step %d on",
                                                c.version(), c.effectiveStep())));
        field(
                text,
                "sealed",
                run.sealedThrough().isPresent()
                        ? "through step " + run.sealedThrough().getAsLong()
                        : "nothing");
        if (run.checkpointStep().isPresent()) {
            field(
                    text,
                    "checkpoint",
                    "an attempt from it begins with step " + run.checkpointStep().getAsLong());
        }
        field(
                text,
                "decided",
                run.decision()
                        .map(
                                d ->
                                        Words.format(
                                                "%s%s (through step %d, attempt %d)",
                                                outcome(d),
                                                d.madePlan() ? "" : ", " + d.message(),
                                                d.throughStep(),
                                                d.attempt()))
                        .orElse("no round"));
        for (CommandLine command : run.commands()) {
            field(text, "operator", commandText(command));
        }
        AbsentWords.of(run.absent()).forEach(words -> field(text, "absent", words));
        GuardWords.of(run.work()).forEach(words -> field(text, "guards", words));
        SupplyWords.ending(run.supply()).forEach(words -> field(text, "supply", words));
        if (run.ended()) {
            field(text, "ended", "the trainer said that the run is finished");
        }
        field(
                text,
                "since then",
                Words.format(
                        "%s held since the newest plan was made, %s closed and not decided",
                        Words.count(run.heldSincePlan(), "round"),
                        run.undecided().isPresent()
                                ? Words.count(run.undecided().getAsLong(), "round")
                                : "unknown how many"));
        run.signals().ifPresent(signals -> field(text, "signals", signals(signals)));
        field(text, "refused", Words.counts(run.refused()));
        field(text, "rejects", Words.counts(run.rejects()));
        field(
                text,
                "last record",
                run.newest().entrySet().stream()
                        .sorted(Map.Entry.<String, Instant>comparingByValue().reversed())
                        .map(
                                entry ->
                                        KINDS.getOrDefault(entry.getKey(), entry.getKey())
                                                + " "
                                                + Words.age(entry.getValue(), now)
                                                + " ago")
                        .collect(Collectors.joining(", ")));
    }

    private static void field(StringBuilder text, String name, String value) {
        line(text, "  %-12s %s", name, value);
    }

    private static Table table(StatusView view) {
        Table table =
                new Table(
                        "lrllrrrlrrr",
                        List.of(
                                "run",
                                "attempt",
                                "mode",
                                "policy",
                                "plan",
                                "since step",
                                "sealed through",
                                "decided",
                                "refused",
                                "rejects",
                                "last record"));
        for (RunView run : view.runs()) {
            table.row(
                    List.of(
                            run.run(),
                            run.attempt().map(a -> Long.toString(a.number())).orElse(Words.UNKNOWN),
                            run.declaration().map(d -> d.mode()).orElse(Words.UNKNOWN),
                            run.declaration().map(d -> d.policy()).orElse(Words.UNKNOWN),
                            plan(run),
                            since(run),
                            Words.number(run.sealedThrough()),
                            run.decision().map(StatusText::outcome).orElse("no round"),
                            Long.toString(Words.total(run.refused())),
                            Long.toString(Words.total(run.rejects())),
                            last(run)
                                    .map(then -> Words.age(then, view.asOf()) + " ago")
                                    .orElse(Words.UNKNOWN)));
        }
        return table;
    }

    private static String signals(SignalTotals totals) {
        return Words.format(
                "%,d counted in all attempts, %,d of them in the rounds that survive; %,d came twice, %,d too late",
                totals.accepted(), totals.lineage(), totals.duplicates(), totals.late());
    }

    /** A command that holds, with who gave it and why. */
    static String commandText(CommandLine command) {
        return Words.format(
                "%s, by %s: %s%s (command %s)",
                command.what(),
                command.who(),
                command.why(),
                command.untilStep() < 0 ? "" : "; until step " + command.untilStep(),
                command.id());
    }

    private static Optional<Instant> last(RunView run) {
        return run.newest().values().stream().max(Instant::compareTo);
    }

    private static String plan(RunView run) {
        return run.plan()
                .map(p -> p.label().isEmpty() ? "" + p.version() : p.version() + " " + p.label())
                .orElse(Words.UNKNOWN);
    }

    private static String since(RunView run) {
        return run.plan().map(p -> Words.number(p.firstStep())).orElse(Words.UNKNOWN);
    }

    private static String outcome(DecisionLine decision) {
        String without = MissingReporters.without(decision.absentReporters());
        return decision.madePlan()
                ? Words.format(
                        "round %d made plan %d%s",
                        decision.round(), decision.planVersion(), without)
                : Words.format(
                        "round %d%s held: %s", decision.round(), without, decision.hold().name());
    }
}
