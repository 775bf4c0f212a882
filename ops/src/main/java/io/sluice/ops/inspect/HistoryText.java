package io.sluice.ops.inspect;

import static io.sluice.ops.inspect.Words.line;

import io.sluice.ops.inspect.HistoryView.PlanLine;
import io.sluice.ops.inspect.HistoryView.Steps;
import java.util.List;
import java.util.stream.Collectors;

/** A {@link HistoryView} as a person reads it. */
public final class HistoryText {

    private static final int MOVES = 3;

    private HistoryText() {}

    /** One line per plan; the last line ended. */
    public static String of(HistoryView view) {
        StringBuilder text = new StringBuilder();
        if (view.plans().isEmpty()) {
            line(text, "run %s: no plan was published; the prior holds", view.run());
            commands(text, view);
            return text.toString();
        }
        line(
                text,
                "run %s: the newest %,d of %s",
                view.run(),
                view.plans().size(),
                Words.count(view.published(), "plan"));
        Table table =
                new Table(
                        "rrrlrlrrl",
                        List.of(
                                "plan",
                                "attempt",
                                "round",
                                "label",
                                "from step",
                                "sealed steps",
                                "KL",
                                "groups",
                                "largest changes, in points"));
        for (PlanLine plan : view.plans()) {
            table.row(
                    List.of(
                            Long.toString(plan.version()),
                            Long.toString(plan.attempt()),
                            plan.round() + (plan.absentReporters() > 0 ? "*" : ""),
                            plan.label(),
                            Long.toString(plan.effectiveStep()),
                            sealed(plan),
                            Words.number(plan.kl(), "%.4f"),
                            plan.kl().isPresent() ? Integer.toString(plan.moved()) : Words.UNKNOWN,
                            moves(plan)));
        }
        text.append(table);
        if (view.plans().stream().anyMatch(plan -> plan.absentReporters() > 0)) {
            line(text, "* decided on without some reporters of the attempt; explain names them");
        }
        commands(text, view);
        line(
                text,
                "'./sluice explain STEP --run %s' says why the mixture is what it is at a step",
                view.run());
        return text.toString();
    }

    private static void commands(StringBuilder text, HistoryView view) {
        for (CommandLine command : view.commands()) {
            line(text, "operator: %s", StatusText.commandText(command));
        }
    }

    private static String sealed(PlanLine plan) {
        return switch (plan.outcome()) {
            case SEALED ->
                    plan.sealed().stream()
                            .map(steps -> steps(plan, steps))
                            .collect(Collectors.joining(", "));
            case ACCEPTED -> "none, accepted";
            case REFUSED -> "none, refused: " + plan.refusal();
            case UNANSWERED -> "none, no answer";
        };
    }

    private static String steps(PlanLine plan, Steps steps) {
        String span = steps.from() + "-" + steps.through();
        return steps.attempt() == plan.attempt()
                ? span
                : span + " (attempt " + steps.attempt() + ")";
    }

    private static String moves(PlanLine plan) {
        String largest =
                plan.largest().stream()
                        .limit(MOVES)
                        .map(move -> move.group() + " " + Words.points(move.to() - move.from()))
                        .collect(Collectors.joining(", "));
        int rest = plan.moved() - Math.min(MOVES, plan.largest().size());
        return rest > 0 ? largest + Words.format(", and %,d more", rest) : largest;
    }
}
