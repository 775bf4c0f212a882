package io.sluice.core.simulation;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.CommandReport;
import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.Outcome;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.control.PolicyChange;
import io.sluice.core.controller.Decision;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Plan;
import io.sluice.core.domain.RunSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What must hold by the commands that a job's decisions say they accepted, by a reading of their
 * own. Goes back with the job's state.
 */
final class CommandBooks {

    /** More than a policy gives, within the largest change, to a group that had nothing. */
    private static final double RETURNED = 1e-3;

    private record Pinned(double share, String command) {}

    private final Map<String, OperatorCommand> told = new HashMap<>();
    private final Map<GroupId, Pinned> pins = new HashMap<>();
    private final Map<GroupId, String> exclusions = new HashMap<>();
    private final Map<GroupId, Boolean> in = new HashMap<>();
    private final Map<GroupId, GroupNews.State> announced = new HashMap<>();
    private final Set<String> decidedOn = new HashSet<>();
    private final List<String> waiting = new ArrayList<>();
    private String freeze = "";
    private String changed = "";
    private String specDigest = "";
    private boolean redeclared;

    CommandBooks copy() {
        CommandBooks copy = new CommandBooks();
        copy.told.putAll(told);
        copy.pins.putAll(pins);
        copy.exclusions.putAll(exclusions);
        copy.in.putAll(in);
        copy.announced.putAll(announced);
        copy.decidedOn.addAll(decidedOn);
        copy.waiting.addAll(waiting);
        copy.freeze = freeze;
        copy.changed = changed;
        copy.specDigest = specDigest;
        copy.redeclared = redeclared;
        return copy;
    }

    /** An attempt begins, under this declaration. */
    void declared(RunSpec spec) {
        redeclared |= !specDigest.equals(spec.digest());
        specDigest = spec.digest();
    }

    /** The job heard a command. */
    void told(OperatorCommand command) {
        if (told.putIfAbsent(command.id(), command) == null) {
            waiting.add(command.id());
        }
    }

    /** A decision says what became of commands, and makes a plan or not. */
    void decided(Decision decision, RunSpec spec, PlanBooks plans) {
        CommandReport report = decision.commands();
        report.ended().forEach(this::end);
        regroup(decision, spec);
        for (Outcome outcome : report.outcomes()) {
            Violation.unless(
                    decidedOn.add(outcome.command())
                            && !waiting.isEmpty()
                            && waiting.remove(0).equals(outcome.command()),
                    Invariant.COMMANDS,
                    () -> "decided on twice, or out of turn: " + outcome);
            if (outcome.accepted()) {
                accept(told.get(outcome.command()));
            }
        }
        Violation.unless(
                !waiting.isEmpty() ? !report.outcomes().isEmpty() : true,
                Invariant.COMMANDS,
                () -> waiting + " were told, and decision " + decision.round() + " heeds none");
        checkStanding(report);
        RunSpec ruling = grouped(decision, change().map(c -> c.applyTo(spec)).orElse(spec));
        decision.plan().ifPresent(plan -> check(plan, ruling, spec, plans));
    }

    /**
     * Groups come and leave by a new word of the catalog or by a command, and by nothing else. A
     * new declaration may leave some behind, and words of the catalog: then the decision is
     * believed.
     */
    private void regroup(Decision decision, RunSpec spec) {
        Map<GroupId, Boolean> commanded = new HashMap<>();
        for (Outcome outcome : decision.commands().outcomes()) {
            OperatorCommand command = told.get(outcome.command());
            if (outcome.accepted() && moves(command)) {
                for (GroupId group : command.groups()) {
                    commanded.putIfAbsent(group, command.kind() == Kind.RETIRE_GROUP);
                }
            }
        }
        for (Decision.GroupDecision made : decision.groups()) {
            GroupSpec group = spec.groups().get(made.index());
            boolean before = in.getOrDefault(group.id(), !group.dormant());
            boolean now = commanded.getOrDefault(group.id(), made.present());
            GroupNews.State word = made.news().state();
            if (redeclared && word == GroupNews.State.UNKNOWN) {
                announced.remove(group.id());
            }
            boolean fresh = word != GroupNews.State.UNKNOWN && word != announced.get(group.id());
            boolean wanted = word == GroupNews.State.ACTIVE;
            Violation.unless(
                    redeclared || now == before || fresh && now == wanted,
                    Invariant.COMMANDS,
                    () -> "nobody moved group " + group + " to " + made);
            if (fresh && now == wanted) {
                announced.put(group.id(), word);
                if (!wanted) {
                    pins.remove(group.id());
                    exclusions.remove(group.id());
                }
            }
            in.put(group.id(), now);
        }
        redeclared = false;
    }

    private static boolean moves(OperatorCommand command) {
        return command.kind() == Kind.ADD_GROUP || command.kind() == Kind.RETIRE_GROUP;
    }

    /** The groups that are in the mixture; floors give way to supplies. */
    private RunSpec grouped(Decision decision, RunSpec ruling) {
        List<GroupSpec> groups = new ArrayList<>();
        for (Decision.GroupDecision made : decision.groups()) {
            GroupSpec group = ruling.groups().get(made.index());
            Violation.unless(
                    made.present() == in.get(group.id()),
                    Invariant.COMMANDS,
                    () -> "group " + group + " is not where it was moved: " + made);
            boolean supplied = made.news().uniqueTokens().isPresent();
            groups.add(
                    new GroupSpec(
                            group.id(),
                            group.prior(),
                            supplied ? 0 : group.floor(),
                            group.cap(),
                            group.supply(),
                            !made.present()));
        }
        return ruling.withGroups(groups);
    }

    /** Whether operators' words bear on a plan, so that the declared bounds are not its own. */
    boolean haveAPartIn(Plan plan) {
        return plan.label().isOperators() || !changed.isEmpty();
    }

    private void accept(OperatorCommand command) {
        switch (command.kind()) {
            case PIN ->
                    command.pins()
                            .forEach(
                                    (group, share) ->
                                            pins.put(group, new Pinned(share, command.id())));
            case UNPIN ->
                    pins.keySet()
                            .removeIf(
                                    group ->
                                            command.groups().isEmpty()
                                                    || command.groups().contains(group));
            case FREEZE -> freeze = command.id();
            case UNFREEZE -> freeze = "";
            case EXCLUDE ->
                    command.groups()
                            .forEach(
                                    group -> {
                                        pins.remove(group);
                                        exclusions.put(group, command.id());
                                    });
            case INCLUDE -> exclusions.keySet().removeAll(command.groups());
            case ADD_GROUP -> command.groups().forEach(group -> in.put(group, true));
            case RETIRE_GROUP ->
                    command.groups()
                            .forEach(
                                    group -> {
                                        in.put(group, false);
                                        pins.remove(group);
                                        exclusions.remove(group);
                                    });
            case ROLLBACK -> {}
            case SET_POLICY ->
                    changed = command.policy().orElseThrow().isNone() ? "" : command.id();
        }
    }

    private void end(String command) {
        pins.values().removeIf(pin -> pin.command().equals(command));
        exclusions.values().removeIf(command::equals);
        freeze = freeze.equals(command) ? "" : freeze;
        changed = changed.equals(command) ? "" : changed;
    }

    /** Exactly the commands of which something holds stand. */
    private void checkStanding(CommandReport report) {
        Set<String> holding = new HashSet<>(exclusions.values());
        pins.values().forEach(pin -> holding.add(pin.command()));
        holding.add(freeze);
        holding.add(changed);
        holding.remove("");
        Set<String> standing = new HashSet<>();
        for (Standing command : report.standing()) {
            standing.add(command.command());
            OptionalLong until = told.get(command.command()).untilStep();
            Violation.unless(
                    command.untilStep().equals(until),
                    Invariant.COMMANDS,
                    () -> "ends at another step than it was told: " + command);
        }
        Violation.unless(
                standing.equals(holding),
                Invariant.COMMANDS,
                () -> standing + " are said to stand, and " + holding + " hold");
    }

    private void check(Plan plan, RunSpec ruling, RunSpec declared, PlanBooks plans) {
        boolean back = plan.label() == Plan.Label.ROLLBACK;
        Violation.unless(
                freeze.isEmpty() || back,
                Invariant.COMMANDS,
                () -> "the run is frozen by " + freeze + ", and there is " + plan);
        for (int j = 0; j < ruling.groups().size(); j++) {
            GroupSpec group = ruling.groups().get(j);
            double weight = plan.mixture().weight(j);
            Pinned pin = pins.get(group.id());
            boolean holds =
                    group.dormant() || exclusions.containsKey(group.id())
                            ? weight == 0
                            : pin != null
                                    ? Math.abs(weight - pin.share()) <= PlanBooks.ROUNDING
                                    : weight >= group.floor() - PlanBooks.ROUNDING
                                            && weight <= group.cap() + PlanBooks.ROUNDING;
            Violation.unless(
                    holds,
                    Invariant.COMMANDS,
                    () -> "group " + group + " has " + weight + " in " + plan);
        }
        boolean bounded = change().filter(PolicyChange::changesBox).isPresent();
        boolean fixed =
                !pins.isEmpty() || !exclusions.isEmpty() || bounded || isLess(ruling, declared);
        Plan replaced = plans.get(plan.replaces());
        // Where there is little to draw, a group may come back to next to nothing.
        boolean returns =
                returns(plan, replaced, ruling.catalog().isPresent() ? 0 : RETURNED)
                        || leaves(replaced, ruling);
        Violation.unless(
                plan.label().isOperators() == (fixed || back || returns)
                        || returns && ruling.catalog().isPresent(),
                Invariant.COMMANDS,
                () -> "the label does not say whose word it is: " + plan);
        // A supply may force more, and where an operator had a part in a plan its label says that.
        boolean supplied = ruling.catalog().isPresent() && plan.label().isOperators();
        if (!back && !returns && !supplied && obeys(replaced, ruling)) {
            plans.checkChange(plan, replaced, ruling);
        }
    }

    /** Whether a group that was not drawn is drawn again. */
    private static boolean returns(Plan plan, Plan replaced, double above) {
        for (int j = 0; j < plan.mixture().size(); j++) {
            if (replaced.mixture().weight(j) == 0 && plan.mixture().weight(j) > above) {
                return true;
            }
        }
        return false;
    }

    /** Whether a group was drawn that is out of the mixture. */
    private static boolean leaves(Plan replaced, RunSpec ruling) {
        for (int j = 0; j < ruling.groups().size(); j++) {
            if (ruling.groups().get(j).dormant() && replaced.mixture().weight(j) > 0) {
                return true;
            }
        }
        return false;
    }

    /** Whether a group is out of the mixture that is declared to be in. */
    private static boolean isLess(RunSpec ruling, RunSpec declared) {
        for (int j = 0; j < ruling.groups().size(); j++) {
            if (ruling.groups().get(j).dormant() && !declared.groups().get(j).dormant()) {
                return true;
            }
        }
        return false;
    }

    private boolean obeys(Plan plan, RunSpec ruling) {
        for (int j = 0; j < ruling.groups().size(); j++) {
            GroupSpec group = ruling.groups().get(j);
            double weight = plan.mixture().weight(j);
            Pinned pin = pins.get(group.id());
            if (exclusions.containsKey(group.id()) && weight > 0
                    || pin != null && Math.abs(weight - pin.share()) > PlanBooks.ROUNDING
                    || pin == null
                            && !exclusions.containsKey(group.id())
                            && (weight < group.floor() - PlanBooks.ROUNDING
                                    || weight > group.cap() + PlanBooks.ROUNDING)) {
                return false;
            }
        }
        return true;
    }

    private Optional<PolicyChange> change() {
        return changed.isEmpty() ? Optional.empty() : told.get(changed).policy();
    }
}
