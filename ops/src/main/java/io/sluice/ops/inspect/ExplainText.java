package io.sluice.ops.inspect;

import static io.sluice.ops.inspect.Words.line;

import io.sluice.ops.inspect.Explanation.Group;
import io.sluice.ops.inspect.Explanation.Guards;
import io.sluice.ops.inspect.Explanation.Made;
import io.sluice.ops.inspect.Explanation.Origin;
import io.sluice.ops.inspect.Explanation.Plan;
import io.sluice.ops.inspect.Explanation.TakenBack;
import io.sluice.ops.inspect.Explanation.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** An {@link Explanation} in sentences, with a table of the groups. */
public final class ExplainText {

    private static final int MOST_TARGETS = 4;

    private final Explanation why;
    private final StringBuilder text = new StringBuilder();

    private ExplainText(Explanation why) {
        this.why = why;
    }

    /**
     * Several paragraphs, the last line ended.
     *
     * @param top how many groups are shown, those that the plan changed most; at least 1
     */
    public static String of(Explanation why, int top) {
        ExplainText text = new ExplainText(why);
        text.plan();
        text.decision();
        text.guards();
        text.targets();
        text.absent();
        text.supply();
        text.before();
        text.after();
        text.groups(top);
        return text.text.toString();
    }

    private void plan() {
        Plan plan = why.plan();
        line(
                text,
                "run %s, step %d: plan %d holds%s",
                why.run(),
                why.step(),
                plan.version(),
                plan.label().isEmpty() ? "" : " (" + plan.label() + ")");
        head("The plan");
        sentence(
                "Steps %d to %d of attempt %d are sealed with it; that is the newest attempt that took step %d.",
                plan.firstStep(), plan.throughStep(), plan.attempt(), why.step());
        switch (plan.origin()) {
            case PRIOR -> sentence("It is the declared prior: nothing has changed the mixture.");
            case FALLBACK ->
                    sentence(
                            "The bridge made it by itself: the log was away for so long that it returned to the prior.");
            case CARRIED ->
                    sentence(
                            "The attempt began with it at step %s: the checkpoint that it resumed from carried it.",
                            Words.number(plan.resumeStep()));
            case DECIDED -> began(plan);
        }
        for (TakenBack older : why.takenBack()) {
            sentence(
                    "Attempt %d had taken the step with plan %d; a newer attempt went back before it.",
                    older.attempt(), older.version());
        }
    }

    private void began(Plan plan) {
        if (plan.effectiveStep().isEmpty()) {
            sentence("Its record is not in the log any more.");
            return;
        }
        long effective = plan.effectiveStep().getAsLong();
        if (plan.firstStep() > effective) {
            sentence(
                    "It was made for step %d on; when it came, steps through %d were sealed already, so that it began with"
                            + " step %d.",
                    effective, plan.firstStep() - 1, plan.firstStep());
        } else {
            sentence("It was made for step %d on, and began there.", effective);
        }
    }

    private void decision() {
        boolean decided =
                why.plan().origin() != Origin.PRIOR && why.plan().origin() != Origin.FALLBACK;
        if (why.decision().isEmpty() && !decided) {
            return;
        }
        head("The decision");
        if (why.decision().isEmpty()) {
            sentence(
                    "The decision that made the plan is not in the log any more; the plan and its seals are all that is left.");
            return;
        }
        Made made = why.decision().get();
        sentence(
                "Policy %s made it from round %d, which ended with step %d of attempt %d, in place of plan %d (controller"
                        + " epoch %d).",
                made.policy(),
                made.round(),
                made.throughStep(),
                made.attempt(),
                made.baseVersion(),
                made.epoch());
        if (made.firstRound() >= 0 && made.firstRound() < made.round()) {
            sentence("Rounds %d to %d were given up with it.", made.firstRound(), made.round() - 1);
        }
        if (made.absentReporters() > 0) {
            sentence(
                    "Later rounds overtook it: it was decided on without %s of the attempt%s.",
                    Words.count(made.absentReporters(), "reporter"),
                    MissingReporters.list(made.absentReporterNames()));
        }
        sentence("%s", basis(made));
        for (CommandLine command : why.commands()) {
            sentence("An operator's word held: %s.", StatusText.commandText(command));
        }
        sentence(
                "It was expected to change the weighted score by %+.3g, with a standard error of %.2g.",
                made.predictedGain(), made.predictedGainError());
        sentence(
                "By then the attempt had counted %s; %,d came twice and %,d too late.",
                Words.count(made.accepted(), "signal"), made.duplicates(), made.late());
        made.total()
                .ifPresent(
                        total ->
                                sentence(
                                        "All attempts had counted %s, and the rounds that survived held %,d of them.",
                                        Words.count(total.accepted(), "signal"), total.lineage()));
    }

    private static String basis(Made made) {
        return switch (made.basis()) {
            case "NEW" -> "Its attempt's statistics began with nothing: it was the run's first.";
            case "CONTINUED" ->
                    "Its attempt's statistics went on from all rounds before round "
                            + made.basisRound()
                            + ": the attempt resumed after every decided round.";
            case "RETURNED" ->
                    "Its attempt's statistics went back to those of the rounds before round "
                            + made.basisRound()
                            + ": the attempt resumed before rounds that had been decided.";
            case "RESET" ->
                    "Its attempt's statistics began with nothing: the attempt resumed in round "
                            + made.basisRound()
                            + ", further back than snapshots reach.";
            default -> "What its attempt's statistics began with is not recorded.";
        };
    }

    private void guards() {
        if (why.guards().isEmpty()) {
            return;
        }
        Guards guards = why.guards().get();
        head("From the proposal to the plan (KL from the plan before it, in nats)");
        if (guards.proposedKl().isPresent()) {
            guard("the policy proposed", guards.proposedKl(), "");
            guard(
                    "pulled to the prior",
                    guards.pulledKl(),
                    why.declaration()
                            .map(d -> Words.format("strength %s", d.priorPull()))
                            .orElse(""));
            guard("put into the box", guards.boxedKl(), "");
        } else {
            sentence("The way there cannot be retraced with this build and this declaration.");
        }
        guard(
                "limited in change",
                OptionalDouble.of(guards.decidedKl()),
                Words.format(
                        "%.1f %% of the step taken%s; %s at floor or cap",
                        100 * guards.fraction(),
                        why.declaration()
                                .map(d -> Words.format(", at most %s nats allowed", d.maxKl()))
                                .orElse(""),
                        Words.count(guards.bound(), "group")));
        if (guards.boxExceeds()) {
            sentence("The box alone led further than the largest change, and goes before it.");
        }
        GuardWords.of(why.work()).forEach(this::say);
        GuardWords.pace(why.before()).ifPresent(this::say);
    }

    private void guard(String name, OptionalDouble kl, String note) {
        line(
                text,
                "%s",
                Words.format("  %-22s %8s  %s", name, Words.number(kl, "%.5f"), note)
                        .stripTrailing());
    }

    private void targets() {
        if (why.decision().isEmpty() || why.targets().isEmpty()) {
            return;
        }
        head("Targets in that round");
        Table table =
                new Table("lrrrr", List.of("target", "weight", "sequences", "tokens", "loss"));
        for (Target target : why.targets()) {
            table.row(
                    List.of(
                            target.target(),
                            Words.format("%.3f", target.weight()),
                            Words.number(target.sequences()),
                            Words.number(target.tokens()),
                            Words.number(target.meanLoss(), "%.4f")));
        }
        text.append(table);
        why.declaration()
                .ifPresent(
                        d ->
                                sentence(
                                        "A round with a target below %d sequences is held; a group below %d keeps its averages.",
                                        d.minTargetSequences(), d.minGroupSequences()));
    }

    private void absent() {
        if (!why.absent().isEmpty()) {
            head("Groups that are not in the mixture");
            AbsentWords.of(why.absent()).forEach(this::say);
        }
    }

    private void supply() {
        if (!why.supply().isEmpty()) {
            head("Supply, as the catalog told it");
            SupplyWords.of(why.supply()).forEach(this::say);
        }
    }

    private void before() {
        if (why.decision().isEmpty()) {
            return;
        }
        head("Since the plan before it");
        if (why.before().decisions().isEmpty()) {
            sentence(
                    "No round was held between plan %d and this one.",
                    why.decision().get().baseVersion());
        }
        ChainWords.of(why.before()).forEach(this::say);
    }

    private void after() {
        head(Words.format("After it, until step %d", why.step()));
        if (why.after().decisions().isEmpty()) {
            sentence("No later round of the attempt was decided that ended before the step.");
        }
        ChainWords.of(why.after()).forEach(this::say);
    }

    private void groups(int top) {
        List<Group> moved =
                why.groups().stream()
                        .sorted(
                                Comparator.comparingDouble((Group g) -> -Math.abs(g.change()))
                                        .thenComparing(g -> -g.now().orElse(0))
                                        .thenComparing(Group::group))
                        .toList();
        int shown = Math.min(top, moved.size());
        head(
                shown < moved.size()
                        ? Words.format(
                                "Groups, the %,d with the largest changes (%,d left out: --top)",
                                shown, moved.size() - shown)
                        : "Groups, the largest changes first");
        int targets = Math.min(MOST_TARGETS, why.decision().isPresent() ? why.targets().size() : 0);
        text.append(
                why.decision().isPresent() ? decided(moved, shown, targets) : plain(moved, shown));
        if (targets > 0) {
            sentence(
                    "Score: positive asks for more of the group. Below a target: averaged cosine of the group's gradient with the"
                            + " target's, +/- one standard error.");
        }
        if (targets > 0 && targets < why.targets().size()) {
            sentence(
                    "%,d targets are left out; --output json has all.",
                    why.targets().size() - targets);
        }
    }

    private Table decided(List<Group> moved, int shown, int targets) {
        List<String> header =
                new ArrayList<>(
                        List.of(
                                "group",
                                "prior",
                                "before",
                                "proposed",
                                "pulled",
                                "boxed",
                                "plan",
                                "change",
                                "score",
                                "tokens",
                                "loss"));
        why.targets().stream().limit(targets).forEach(target -> header.add(target.target()));
        Table table = new Table("l" + "r".repeat(header.size() - 1), header);
        for (Group group : moved.subList(0, shown)) {
            List<String> cells =
                    new ArrayList<>(
                            List.of(
                                    group.group(),
                                    Words.share(group.prior()),
                                    Words.share(group.before()),
                                    Words.share(group.proposed()),
                                    Words.share(group.pulled()),
                                    Words.share(group.boxed()),
                                    Words.share(group.now()) + bound(group),
                                    Words.points(group.change()),
                                    Words.number(group.score(), "%+.4f"),
                                    Words.number(group.tokens()),
                                    Words.number(group.meanLoss(), "%.4f")));
            for (int i = 0; i < targets; i++) {
                cells.add(alignment(group, i));
            }
            table.row(cells);
        }
        return table;
    }

    private static Table plain(List<Group> moved, int shown) {
        Table table = new Table("lrrr", List.of("group", "prior", "plan", "change"));
        for (Group group : moved.subList(0, shown)) {
            table.row(
                    List.of(
                            group.group(),
                            Words.share(group.prior()),
                            Words.share(group.now()),
                            group.before().isPresent()
                                    ? Words.points(group.change())
                                    : Words.UNKNOWN));
        }
        return table;
    }

    private static String bound(Group group) {
        double now = group.now().orElse(Double.NaN);
        if (now <= group.floor().orElse(-1) * (1 + 1e-9)) {
            return " (floor)";
        }
        return now >= group.cap().orElse(2) * (1 - 1e-9) ? " (cap)" : "";
    }

    private static String alignment(Group group, int target) {
        if (target >= group.alignments().size() || target >= group.alignmentErrors().size()) {
            return Words.UNKNOWN;
        }
        return Words.format(
                "%+.3f +/- %.3f",
                group.alignments().get(target), group.alignmentErrors().get(target));
    }

    private void head(String words) {
        text.append(System.lineSeparator());
        line(text, "%s", words);
    }

    private void say(String words) {
        sentence("%s", words);
    }

    private void sentence(String format, Object... values) {
        line(text, "  " + format, values);
    }
}
