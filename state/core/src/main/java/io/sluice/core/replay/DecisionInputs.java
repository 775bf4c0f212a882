package io.sluice.core.replay;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.Outcome;
import io.sluice.core.controller.Basis;
import io.sluice.core.controller.Decision;
import io.sluice.core.controller.SignalCounts;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.ShardRound;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a recorded decision says of its own inputs: those that the other records do not tell,
 * because they depend on when things happened.
 *
 * @param number its place among the recorded decisions
 * @param attempt the attempt
 * @param epoch epoch of the controller that decided
 * @param firstRound the first round that was decided
 * @param round the last
 * @param baseDigest digest of the plan in force, as the controller knew it
 * @param basis what the attempt's statistics began with
 * @param waiting plans that waited for an answer
 * @param complete whether every acknowledged signal was in
 * @param absentReporters places of the reporters that are not in a partial round
 * @param measured indices of the groups whose tokens it names, increasing
 * @param counts totals of signals over the attempt
 * @param total the same over all attempts
 * @param lineage signals in the rounds that survive
 * @param commands ids of the operators' commands that it decided on, in their order
 * @param news what it knew of groups from the run's catalog, by their indices
 */
public record DecisionInputs(
        int number,
        long attempt,
        long epoch,
        long firstRound,
        long round,
        String baseDigest,
        Basis basis,
        int waiting,
        boolean complete,
        List<Integer> absentReporters,
        List<Integer> measured,
        ShardRound.Counts counts,
        ShardRound.Counts total,
        long lineage,
        List<String> commands,
        SortedMap<Integer, GroupNews> news) {

    public DecisionInputs {
        news = Collections.unmodifiableSortedMap(new TreeMap<>(news));
        absentReporters = List.copyOf(absentReporters);
        measured = List.copyOf(measured);
        commands = List.copyOf(commands);
    }

    /** The inputs of a decision. */
    public static DecisionInputs of(int number, Decision decision) {
        return new DecisionInputs(
                number,
                decision.attempt(),
                decision.epoch(),
                decision.firstRound(),
                decision.round(),
                decision.baseDigest(),
                decision.basis(),
                decision.waiting(),
                decision.complete(),
                decision.absentReporters(),
                decision.groups().stream()
                        .filter(group -> group.tokens() > 0)
                        .map(Decision.GroupDecision::index)
                        .toList(),
                decision.counts(),
                decision.total(),
                decision.lineage(),
                decision.commands().outcomes().stream().map(Outcome::command).toList(),
                news(decision));
    }

    private static SortedMap<Integer, GroupNews> news(Decision decision) {
        SortedMap<Integer, GroupNews> news = new TreeMap<>();
        for (Decision.GroupDecision group : decision.groups()) {
            if (!group.news().equals(GroupNews.NONE)) {
                news.put(group.index(), group.news());
            }
        }
        return news;
    }

    /** Whether it was decided on a round, and not on its having been given up. */
    boolean hasRound() {
        return complete || !absentReporters.isEmpty();
    }

    /** The counts from which its own follow: what counted is not counted again. */
    SignalCounts before() {
        ShardRound.Counts earlier =
                new ShardRound.Counts(
                        total.accepted() - counts.accepted(),
                        total.duplicates() - counts.duplicates(),
                        total.late() - counts.late());
        return new SignalCounts(earlier, counts.accepted(), lineage);
    }

    /** What it knew of the catalog's groups. */
    CatalogNews catalog(RunSpec spec) {
        SortedMap<GroupId, GroupNews> groups = new TreeMap<>();
        news.forEach((index, group) -> groups.put(spec.groups().get(index).id(), group));
        return new CatalogNews(groups);
    }
}
