package io.sluice.ops.inspect;

import io.sluice.ops.inspect.AbsentGroup.Cause;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.CommandKind;
import io.sluice.schemas.CommandOutcome;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupDeclaration;
import io.sluice.schemas.GroupNews;
import io.sluice.schemas.OperatorCommand;
import io.sluice.schemas.RunSpec;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Follows which groups are out of the mixture, decision by decision, and what took them out. */
final class AbsenceTrail {

    private static final int MOST_COMMANDS = 1024;

    private final Map<String, List<String>> retired = new Bounded<>(MOST_COMMANDS);
    private final Map<Integer, Leaving> leavings = new HashMap<>();
    private BitSet absent = new BitSet();
    private Map<Integer, CatalogGroupState> catalog = Map.of();
    private Optional<String> spec = Optional.empty();

    /** The decision by which a group left. */
    private record Leaving(
            long round, OptionalLong step, List<CommandOutcome> commands, boolean announced) {}

    void add(OperatorCommand command) {
        if (command.getKind() == CommandKind.RETIRE_GROUP) {
            retired.put(command.getId(), command.getGroups());
        }
    }

    void add(Decision decision) {
        BitSet now = BitSet.valueOf(decision.getAbsent().duplicate());
        Map<Integer, CatalogGroupState> said = new HashMap<>();
        for (GroupNews news : decision.getNews()) {
            said.put(news.getIndex(), news.getState());
        }
        if (spec.filter(decision.getSpecDigest()::equals).isPresent()) {
            leavings.keySet().removeIf(index -> !now.get(index));
            now.stream()
                    .filter(index -> !absent.get(index))
                    .forEach(index -> leavings.put(index, leaving(decision, index, said)));
        } else {
            leavings.clear();
        }
        spec = Optional.of(decision.getSpecDigest());
        absent = now;
        catalog = said;
    }

    private Leaving leaving(Decision decision, int index, Map<Integer, CatalogGroupState> said) {
        return new Leaving(
                decision.getRound(),
                decision.getEffectiveStep() < 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(decision.getEffectiveStep()),
                decision.getCommands().stream()
                        .filter(CommandOutcome::getAccepted)
                        .filter(outcome -> outcome.getKind() == CommandKind.RETIRE_GROUP)
                        .toList(),
                isOut(said.get(index)) && said.get(index) != catalog.get(index));
    }

    /**
     * The groups that are out by the newest decision; before the first, those that are declared
     * dormant. None when the newest decision is of another declaration.
     */
    List<AbsentGroup> view(RunSpec declared) {
        boolean decided = spec.isPresent();
        if (decided && !spec.get().equals(declared.getDigest())) {
            return List.of();
        }
        List<AbsentGroup> groups = new ArrayList<>();
        for (int index = 0; index < declared.getGroups().size(); index++) {
            GroupDeclaration group = declared.getGroups().get(index);
            if (decided ? absent.get(index) : group.getDormant()) {
                groups.add(group(index, group, decided));
            }
        }
        return groups;
    }

    private AbsentGroup group(int index, GroupDeclaration group, boolean decided) {
        Optional<Leaving> leaving =
                decided ? Optional.ofNullable(leavings.get(index)) : Optional.empty();
        Optional<CommandOutcome> command = leaving.flatMap(left -> command(left, group.getId()));
        return new AbsentGroup(
                group.getId(),
                command.isPresent() ? Cause.OPERATOR : cause(index, group, leaving),
                leaving.map(left -> OptionalLong.of(left.round())).orElseGet(OptionalLong::empty),
                leaving.map(Leaving::step).orElseGet(OptionalLong::empty),
                command.map(CommandOutcome::getWho).orElse(""),
                command.map(CommandOutcome::getWhy).orElse(""),
                command.map(CommandOutcome::getId).orElse(""));
    }

    private Cause cause(int index, GroupDeclaration group, Optional<Leaving> leaving) {
        if (leaving.isPresent()) {
            return leaving.get().announced() ? Cause.CATALOG : Cause.UNKNOWN;
        }
        if (group.getDormant()) {
            return Cause.DECLARED;
        }
        return isOut(catalog.get(index)) ? Cause.CATALOG : Cause.UNKNOWN;
    }

    private Optional<CommandOutcome> command(Leaving left, String group) {
        return left.commands().stream()
                .filter(outcome -> retired.getOrDefault(outcome.getId(), List.of()).contains(group))
                .findFirst();
    }

    private static boolean isOut(CatalogGroupState state) {
        return state == CatalogGroupState.EXCLUDED || state == CatalogGroupState.RETIRED;
    }
}
