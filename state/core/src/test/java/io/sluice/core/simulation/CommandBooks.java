package io.sluice.core.simulation;

import io.sluice.core.control.CommandReport;
import io.sluice.core.control.OperatorCommand;
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
    private final Set<String> decidedOn = new HashSet<>();
    private final List<String> waiting = new ArrayList<>();
    private String freeze = "";
    private String changed = "";

    CommandBooks copy() {
        CommandBooks copy = new CommandBooks();
        copy.told.putAll(told);
        copy.pins.putAll(pins);
        copy.exclusions.putAll(exclusions);
        copy.decidedOn.addAll(decidedOn);
        copy.waiting.addAll(waiting);
        copy.freeze = freeze;
        copy.changed = changed;
        return copy;
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
        RunSpec ruling = change().map(c -> c.applyTo(spec)).orElse(spec);
        decision.plan().ifPresent(plan -> check(plan, ruling, plans));
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

    private void check(Plan plan, RunSpec ruling, PlanBooks plans) {
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
                    exclusions.containsKey(group.id())
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
        boolean fixed = !pins.isEmpty() || !exclusions.isEmpty() || bounded;
        Plan replaced = plans.get(plan.replaces());
        Violation.unless(
                plan.label().isOperators() == (fixed || back || returns(plan, replaced)),
                Invariant.COMMANDS,
                () -> "the label does not say whose word it is: " + plan);
        if (!back && !returns(plan, replaced) && obeys(replaced, ruling)) {
            plans.checkChange(plan, replaced, ruling);
        }
    }

    /** Whether a group that was not drawn is drawn again. */
    private static boolean returns(Plan plan, Plan replaced) {
        for (int j = 0; j < plan.mixture().size(); j++) {
            if (replaced.mixture().weight(j) == 0 && plan.mixture().weight(j) > RETURNED) {
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
