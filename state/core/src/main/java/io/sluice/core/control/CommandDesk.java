package io.sluice.core.control;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.Overrides.Pin;
import io.sluice.core.control.Overrides.Rollback;
import io.sluice.core.control.Overrides.Ruled;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.policy.PolicyCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Decides on operators' commands: ends those whose step has come, and takes those that wait, in
 * their order, as far as they leave a mixture. A refused command changes nothing.
 */
public final class CommandDesk {

    /** Most commands that one decision decides on; the others wait for the next. */
    public static final int MAX_OUTCOMES = 4;

    private final RunSpec declared;

    /**
     * What came of a round's commands.
     *
     * @param overrides what holds from now on
     * @param report what the decision says of it
     */
    public record Heeded(Overrides overrides, CommandReport report) {}

    public CommandDesk(RunSpec declared) {
        this.declared = declared;
    }

    /**
     * Whether a command suits the run at all, whatever else holds.
     *
     * @throws IllegalArgumentException when it does not, with the reason
     */
    public void check(OperatorCommand command) {
        command.groups().forEach(this::requireKnown);
        command.pins().keySet().forEach(this::requireKnown);
        command.policy().ifPresent(change -> requireFed(change.applyTo(declared)));
        if (command.rollback().isPresent()
                && !command.rollback().get().groups().equals(declared.groupIds())) {
            throw new IllegalArgumentException("its mixture does not have the run's groups");
        }
    }

    /** Rounds are reduced by the declaration, whatever operators say later. */
    private void requireFed(RunSpec changed) {
        PolicyCatalog.create(changed);
        if (!SketchWork.of(declared.policy()).covers(SketchWork.of(changed.policy()))) {
            throw new IllegalArgumentException(
                    "the declared policy "
                            + declared.policy().name()
                            + " does not have sketches compared as these options ask: leave out "
                            + SketchWork.FISHER
                            + " and "
                            + SketchWork.REDUNDANCY
                            + ", or declare a run with them");
        }
    }

    /**
     * Decides on what waits.
     *
     * @param news what is known of the catalog that the run follows
     * @param step first step of the plan that the decision may make
     * @param unanswered digests of the plans that wait for their answer
     */
    public Heeded heed(Overrides before, CatalogNews news, long step, List<String> unanswered) {
        List<String> ended = new ArrayList<>(before.dropped());
        Overrides now = ended(before.settled(unanswered), step, ended);
        now = announced(now, news);
        now = now.edit().dropped(List.of()).build();
        List<Outcome> outcomes = new ArrayList<>();
        while (outcomes.size() < MAX_OUTCOMES && isNext(now, outcomes)) {
            OperatorCommand command = now.waiting().get(0);
            now = now.edit().waiting(now.waiting().subList(1, now.waiting().size())).build();
            try {
                Overrides after = apply(now, command, step);
                outcomes.add(outcome(command, true, note(now, after, command)));
                now = after.edit().heeded(command.id()).build();
            } catch (IllegalArgumentException e) {
                now = now.edit().heeded(command.id()).build();
                outcomes.add(outcome(command, false, e.getMessage()));
            }
        }
        return new Heeded(now, new CommandReport(outcomes, now.standing(), ended));
    }

    /**
     * Heeds what the catalog said anew of groups: an active one is in the mixture, another is not.
     * What would leave no mixture waits, and is tried again with the next round.
     */
    private Overrides announced(Overrides before, CatalogNews news) {
        SortedMap<GroupId, GroupNews.State> fresh = news.states();
        fresh.entrySet().removeAll(before.membership().heeded().entrySet());
        Overrides all = announced(before, fresh);
        if (fresh.isEmpty() || all.fits(declared)) {
            return all;
        }
        Overrides now = before;
        for (Map.Entry<GroupId, GroupNews.State> one : fresh.entrySet()) {
            SortedMap<GroupId, GroupNews.State> alone = new TreeMap<>();
            alone.put(one.getKey(), one.getValue());
            Overrides next = announced(now, alone);
            now = next.fits(declared) ? next : now;
        }
        return now;
    }

    private Overrides announced(Overrides before, SortedMap<GroupId, GroupNews.State> states) {
        OverridesEdit edit = before.edit();
        states.forEach(
                (group, state) -> {
                    boolean in = state == GroupNews.State.ACTIVE;
                    edit.membership = edit.membership.heeding(group, state);
                    if (in != edit.membership.has(declared(group))) {
                        if (in) {
                            edit.add(declared(group));
                        } else {
                            edit.retire(declared(group));
                        }
                    }
                });
        return edit.forgetUnused().build();
    }

    /** A freeze waits until what was asked for before it had its plan. */
    private static boolean isNext(Overrides now, List<Outcome> outcomes) {
        return !now.waiting().isEmpty()
                && (outcomes.isEmpty() || now.waiting().get(0).kind() != Kind.FREEZE);
    }

    /** A command whose end would leave no mixture holds on until it can end. */
    private Overrides ended(Overrides before, long step, List<String> ended) {
        List<Standing> due =
                before.standing().stream()
                        .filter(held -> held.untilStep().orElse(Long.MAX_VALUE) <= step)
                        .sorted(
                                Comparator.comparingLong(
                                        (Standing held) -> held.untilStep().getAsLong()))
                        .toList();
        Overrides now = before;
        for (Standing held : due) {
            Overrides without = now.edit().end(held.command()).build();
            if (without.fits(declared)) {
                now = without;
                ended.add(held.command());
            }
        }
        return now;
    }

    private Overrides apply(Overrides before, OperatorCommand command, long step) {
        check(command);
        if (command.untilStep().orElse(Long.MAX_VALUE) <= step) {
            throw new IllegalArgumentException(
                    "it was to end before step "
                            + command.untilStep().getAsLong()
                            + ", and the next plan may begin at step "
                            + step);
        }
        OverridesEdit edit = before.edit();
        switch (command.kind()) {
            case PIN -> pin(edit, command, before);
            case UNPIN -> unpin(edit, command, before);
            case FREEZE -> edit.freeze(Optional.of(command.id()));
            case UNFREEZE -> {
                require(before.freeze().isPresent(), "the run is not frozen");
                edit.freeze(Optional.empty());
            }
            case EXCLUDE -> exclude(edit, command, before);
            case INCLUDE -> include(edit, command, before);
            case ROLLBACK -> rollback(edit, command, before);
            case SET_POLICY -> setPolicy(edit, command);
            case ADD_GROUP -> add(edit, command, before);
            case RETIRE_GROUP -> retire(edit, command, before);
        }
        edit.forgetUnused();
        if (isLasting(command)) {
            edit.stands(new Standing(command.id(), command.kind(), command.untilStep()));
        }
        Overrides after = edit.build();
        require(
                after.standing().size() <= Overrides.MAX_STANDING,
                Overrides.MAX_STANDING + " commands hold already: undo one first");
        after.box(after.ruling(declared));
        return after;
    }

    private void add(OverridesEdit edit, OperatorCommand command, Overrides before) {
        for (GroupId group : command.groups()) {
            require(!isIn(group, before), "group " + group + " is in the mixture already");
            edit.add(declared(group));
        }
    }

    private void retire(OverridesEdit edit, OperatorCommand command, Overrides before) {
        for (GroupId group : command.groups()) {
            requireIn(group, before);
            edit.retire(declared(group));
        }
    }

    private void pin(OverridesEdit edit, OperatorCommand command, Overrides before) {
        command.pins()
                .forEach(
                        (group, share) -> {
                            requireIn(group, before);
                            require(
                                    !before.exclusions().containsKey(group),
                                    "group " + group + " is excluded: include it first");
                            edit.pins.put(group, new Pin(share, command.id()));
                        });
    }

    private static void unpin(OverridesEdit edit, OperatorCommand command, Overrides before) {
        require(!before.pins().isEmpty(), "no group is pinned");
        for (GroupId group : command.groups()) {
            require(before.pins().containsKey(group), "group " + group + " is not pinned");
        }
        if (command.groups().isEmpty()) {
            edit.pins.clear();
        } else {
            edit.pins.keySet().removeAll(command.groups());
        }
    }

    private void exclude(OverridesEdit edit, OperatorCommand command, Overrides before) {
        for (GroupId group : command.groups()) {
            requireIn(group, before);
            edit.pins.remove(group);
            edit.returning.remove(group);
            edit.exclusions.put(group, command.id());
        }
    }

    private static void include(OverridesEdit edit, OperatorCommand command, Overrides before) {
        for (GroupId group : command.groups()) {
            require(before.exclusions().containsKey(group), "group " + group + " is not excluded");
            edit.exclusions.remove(group);
            edit.returning.add(group);
        }
    }

    private void rollback(OverridesEdit edit, OperatorCommand command, Overrides before) {
        require(before.freeze().isEmpty(), "the run is frozen: unfreeze it first");
        require(
                declared.mode() == Mode.CONTROL,
                "the run observes only, so that no plan can return to anything");
        edit.rollback(
                Optional.of(
                        new Rollback(
                                command.id(), command.rollback().orElseThrow(), Optional.empty())));
    }

    private static void setPolicy(OverridesEdit edit, OperatorCommand command) {
        PolicyChange change = command.policy().orElseThrow();
        edit.policy(
                change.isNone() ? Optional.empty() : Optional.of(new Ruled(change, command.id())));
    }

    /** Whether something of the command holds until it is undone. */
    private static boolean isLasting(OperatorCommand command) {
        return switch (command.kind()) {
            case PIN, FREEZE, EXCLUDE -> true;
            case SET_POLICY -> !command.policy().orElseThrow().isNone();
            case UNPIN, UNFREEZE, INCLUDE, ROLLBACK, ADD_GROUP, RETIRE_GROUP -> false;
        };
    }

    private String note(Overrides before, Overrides after, OperatorCommand command) {
        if (after.freeze().isPresent() && command.kind() != Kind.FREEZE) {
            return "the run is frozen: no plan follows before it is unfrozen";
        }
        String policy = after.ruling(declared).policy().name();
        return policy.equals(before.ruling(declared).policy().name())
                ? ""
                : "policy " + policy + " begins without memory";
    }

    private static Outcome outcome(OperatorCommand command, boolean accepted, String message) {
        OptionalLong untilStep = accepted ? command.untilStep() : OptionalLong.empty();
        return new Outcome(
                command.id(),
                command.kind(),
                command.who(),
                command.why(),
                accepted,
                String.valueOf(message),
                untilStep);
    }

    private GroupSpec declared(GroupId group) {
        return declared.groups().get(declared.groupIndex(group));
    }

    private boolean isIn(GroupId group, Overrides before) {
        return before.membership().has(declared(group));
    }

    private void requireIn(GroupId group, Overrides before) {
        require(isIn(group, before), "group " + group + " is not in the mixture: add it first");
    }

    private void requireKnown(GroupId group) {
        require(declared.groupIndex(group) >= 0, "the run has no group " + group);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
