package io.sluice.core.catalog;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Supply;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is known of a catalog's groups at a time. Records of a supply that come late, twice or out
 * of order change nothing: the highest version counts.
 *
 * @param groups what was said, by group
 */
public record CatalogNews(SortedMap<GroupId, GroupNews> groups) {

    /** Nothing was said. */
    public static final CatalogNews NONE = new CatalogNews(new TreeMap<>());

    public CatalogNews {
        groups = Collections.unmodifiableSortedMap(new TreeMap<>(groups));
    }

    /** What was said of {@code group}. */
    public GroupNews of(GroupId group) {
        return groups.getOrDefault(group, GroupNews.NONE);
    }

    /** What a run knows once {@code newer} was told: of its own groups alone. */
    public CatalogNews with(CatalogNews newer, RunSpec spec) {
        if (newer.groups.isEmpty()) {
            return this;
        }
        SortedMap<GroupId, GroupNews> next = new TreeMap<>();
        for (GroupSpec group : spec.groups()) {
            GroupNews known = of(group.id()).with(newer.of(group.id()));
            if (!known.equals(GroupNews.NONE)) {
                next.put(group.id(), known);
            }
        }
        return new CatalogNews(next);
    }

    /** What of this concerns another declaration: nothing where that follows another catalog. */
    public CatalogNews under(RunSpec before, RunSpec spec) {
        return before.catalog().isPresent() && before.catalog().equals(spec.catalog())
                ? NONE.with(this, spec)
                : NONE;
    }

    /**
     * The run with supplies as they are: of a group whose supply was told, that much, as often as
     * is declared, or {@link Supply#DEFAULT_EPOCHS} times; of another, what is declared.
     */
    public RunSpec applyTo(RunSpec spec) {
        if (groups.values().stream().allMatch(news -> news.uniqueTokens().isEmpty())) {
            return spec;
        }
        List<GroupSpec> supplied = new ArrayList<>(spec.groups().size());
        for (GroupSpec group : spec.groups()) {
            GroupNews news = of(group.id());
            double epochs = group.supply().map(Supply::maxEpochs).orElse(Supply.DEFAULT_EPOCHS);
            supplied.add(
                    news.uniqueTokens().isEmpty()
                            ? group
                            : group.withSupply(
                                    Optional.of(
                                            new Supply(news.uniqueTokens().getAsLong(), epochs))));
        }
        return spec.withGroups(supplied);
    }

    /** The states that were told, by group. */
    public SortedMap<GroupId, GroupNews.State> states() {
        SortedMap<GroupId, GroupNews.State> states = new TreeMap<>();
        for (Map.Entry<GroupId, GroupNews> entry : groups.entrySet()) {
            if (entry.getValue().state() != GroupNews.State.UNKNOWN) {
                states.put(entry.getKey(), entry.getValue().state());
            }
        }
        return states;
    }
}
