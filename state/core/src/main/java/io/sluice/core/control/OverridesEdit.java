package io.sluice.core.control;

import io.sluice.core.control.Overrides.Pin;
import io.sluice.core.control.Overrides.Rollback;
import io.sluice.core.control.Overrides.Ruled;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.Mixture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A copy of overrides that can be changed, to be built into new ones. */
final class OverridesEdit {

    final SortedMap<GroupId, Pin> pins;
    final SortedMap<GroupId, String> exclusions;
    final SortedSet<GroupId> returning;
    Membership membership;
    private final List<Standing> standing;
    private final List<String> heeded;
    private Optional<String> freeze;
    private Optional<Ruled> policy;
    private Optional<Rollback> rollback;
    private List<OperatorCommand> waiting;
    private List<String> dropped;
    private long memorySince;

    OverridesEdit(Overrides from) {
        this.pins = new TreeMap<>(from.pins());
        this.exclusions = new TreeMap<>(from.exclusions());
        this.returning = new TreeSet<>(from.returning());
        this.standing = new ArrayList<>(from.standing());
        this.heeded = new ArrayList<>(from.heeded());
        this.freeze = from.freeze();
        this.policy = from.policy();
        this.rollback = from.rollback();
        this.waiting = from.waiting();
        this.dropped = from.dropped();
        this.memorySince = from.memorySince();
        this.membership = from.membership();
    }

    OverridesEdit freeze(Optional<String> command) {
        freeze = command;
        return this;
    }

    OverridesEdit policy(Optional<Ruled> ruled) {
        policy = ruled;
        return this;
    }

    OverridesEdit rollback(Optional<Rollback> wanted) {
        rollback = wanted;
        return this;
    }

    OverridesEdit waiting(List<OperatorCommand> commands) {
        waiting = commands;
        return this;
    }

    OverridesEdit dropped(List<String> commands) {
        dropped = commands;
        return this;
    }

    OverridesEdit memorySince(long round) {
        memorySince = round;
        return this;
    }

    OverridesEdit stands(Standing command) {
        standing.add(command);
        return this;
    }

    OverridesEdit heeded(String command) {
        heeded.add(command);
        if (heeded.size() > Overrides.MAX_HEEDED) {
            heeded.remove(0);
        }
        return this;
    }

    OverridesEdit knowingNone() {
        heeded.clear();
        return this;
    }

    /** Takes a group into the mixture, to begin with its prior share. */
    OverridesEdit add(GroupSpec declared) {
        membership = membership.with(declared, true);
        returning.add(declared.id());
        return this;
    }

    /** Takes a group out of the mixture, with what was said of it. */
    OverridesEdit retire(GroupSpec declared) {
        membership = membership.with(declared, false);
        returning.remove(declared.id());
        pins.remove(declared.id());
        exclusions.remove(declared.id());
        return this;
    }

    /** Takes back everything that a command brought about; groups that it excluded return. */
    OverridesEdit end(String command) {
        pins.values().removeIf(pin -> pin.command().equals(command));
        exclusions.forEach(
                (group, by) -> {
                    if (by.equals(command)) {
                        returning.add(group);
                    }
                });
        exclusions.values().removeIf(command::equals);
        freeze = freeze.filter(by -> !by.equals(command));
        policy = policy.filter(ruled -> !ruled.command().equals(command));
        return forgetUnused();
    }

    /** Commands of which nothing holds any more do not stand. */
    OverridesEdit forgetUnused() {
        Set<String> used = new HashSet<>(exclusions.values());
        pins.values().forEach(pin -> used.add(pin.command()));
        freeze.ifPresent(used::add);
        policy.ifPresent(ruled -> used.add(ruled.command()));
        standing.removeIf(held -> !used.contains(held.command()));
        return this;
    }

    /** Groups without a share in a mixture come anew, but for those that are excluded. */
    void meet(Mixture inForce) {
        for (int j = 0; j < inForce.size(); j++) {
            GroupId group = inForce.groups().get(j);
            if (inForce.weight(j) == 0 && !exclusions.containsKey(group)) {
                returning.add(group);
            }
        }
    }

    Overrides build() {
        return new Overrides(
                pins,
                exclusions,
                freeze,
                policy,
                standing,
                returning,
                rollback,
                waiting,
                heeded,
                dropped,
                memorySince,
                membership);
    }
}
