package io.sluice.core.control;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Where the groups of the mixture differ from the declared ones, because an operator or the run's
 * catalog said so.
 *
 * @param added groups that are declared dormant, and are in the mixture
 * @param retired groups that are declared to be in the mixture, and are out of it
 * @param heeded the catalog's last word on each group that it was heeded on; only a new word acts,
 *     so that an operator's stands until then
 */
public record Membership(
        SortedSet<GroupId> added,
        SortedSet<GroupId> retired,
        SortedMap<GroupId, GroupNews.State> heeded) {

    /** As declared. */
    public static final Membership DECLARED =
            new Membership(new TreeSet<>(), new TreeSet<>(), new TreeMap<>());

    public Membership {
        added = Collections.unmodifiableSortedSet(new TreeSet<>(added));
        retired = Collections.unmodifiableSortedSet(new TreeSet<>(retired));
        heeded = Collections.unmodifiableSortedMap(new TreeMap<>(heeded));
    }

    /** Whether a group of the declaration is in the mixture. */
    public boolean has(GroupSpec declared) {
        return declared.dormant()
                ? added.contains(declared.id())
                : !retired.contains(declared.id());
    }

    /** The declaration with the groups that are out of the mixture dormant, and no others. */
    public RunSpec applyTo(RunSpec declared) {
        if (added.isEmpty() && retired.isEmpty()) {
            return declared;
        }
        List<GroupSpec> groups = new ArrayList<>(declared.groups().size());
        for (GroupSpec group : declared.groups()) {
            groups.add(group.withDormant(!has(group)));
        }
        return declared.withGroups(groups);
    }

    /** What of this fits another declaration: of the groups that it has. */
    Membership under(RunSpec declared) {
        SortedSet<GroupId> nextAdded = new TreeSet<>(added);
        SortedSet<GroupId> nextRetired = new TreeSet<>(retired);
        SortedMap<GroupId, GroupNews.State> nextHeeded = new TreeMap<>(heeded);
        nextAdded.removeIf(group -> !isDeclared(group, declared, true));
        nextRetired.removeIf(group -> !isDeclared(group, declared, false));
        nextHeeded.keySet().removeIf(group -> declared.groupIndex(group) < 0);
        return new Membership(nextAdded, nextRetired, nextHeeded);
    }

    private static boolean isDeclared(GroupId group, RunSpec declared, boolean dormant) {
        int index = declared.groupIndex(group);
        return index >= 0 && declared.groups().get(index).dormant() == dormant;
    }

    /** With a group in the mixture or out of it. */
    Membership with(GroupSpec declared, boolean in) {
        SortedSet<GroupId> nextAdded = new TreeSet<>(added);
        SortedSet<GroupId> nextRetired = new TreeSet<>(retired);
        SortedSet<GroupId> differing = declared.dormant() ? nextAdded : nextRetired;
        if (in == declared.dormant()) {
            differing.add(declared.id());
        } else {
            differing.remove(declared.id());
        }
        return new Membership(nextAdded, nextRetired, heeded);
    }

    /** With the catalog's word on a group heeded. */
    Membership heeding(GroupId group, GroupNews.State state) {
        SortedMap<GroupId, GroupNews.State> next = new TreeMap<>(heeded);
        next.put(group, state);
        return new Membership(added, retired, next);
    }
}
