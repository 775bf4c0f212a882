package io.sluice.core.simulation;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.catalog.GroupNews.State;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A catalog whose groups come, go, grow and shrink; what is heard of it may be old. */
final class Catalog {

    /** How far behind its newest word a job may hear. */
    private static final int MOST_BEHIND = 3;

    private final World world;
    private final List<CatalogNews> told = new ArrayList<>(List.of(CatalogNews.NONE));
    private long version;

    Catalog(World world) {
        this.world = world;
    }

    /** Says something of a group, of the run's or of another's. */
    void act() {
        Dice dice = world.dice();
        GroupId group =
                dice.oneIn(10)
                        ? new GroupId("alien")
                        : dice.pick(world.declared().groups().stream().map(GroupSpec::id).toList());
        TreeMap<GroupId, GroupNews> next = new TreeMap<>(told.get(told.size() - 1).groups());
        GroupNews last = next.getOrDefault(group, GroupNews.NONE);
        next.put(
                group,
                dice.oneIn(2)
                        ? new GroupNews(
                                dice.pick(List.of(State.ACTIVE, State.EXCLUDED, State.RETIRED)),
                                last.uniqueTokens(),
                                last.version())
                        : new GroupNews(last.state(), OptionalLong.of(tokens(dice)), ++version));
        world.trace().note(() -> "catalog: " + group + " " + next.get(group));
        told.add(new CatalogNews(next));
    }

    /** What a job hears now: the newest word, or an older one. */
    CatalogNews heard() {
        int behind = world.dice().below(Math.min(MOST_BEHIND, told.size()));
        return told.get(told.size() - 1 - behind);
    }

    /** From nothing at all to more than a run draws. */
    private static long tokens(Dice dice) {
        return dice.oneIn(4) ? 0 : 1L << dice.below(20);
    }
}
