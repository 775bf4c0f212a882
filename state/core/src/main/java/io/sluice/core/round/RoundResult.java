package io.sluice.core.round;

import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.signal.RoundClosed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A round of a whole run, joined from its shards.
 *
 * @param attempt the attempt
 * @param firstRound equals {@code round}, unless rounds were given up together
 * @param round the round
 * @param throughStep its last step
 * @param status complete only if every shard is, partial only if every shard is by the same
 *     reporters
 * @param reporters the reporters whose signals are in a partial round, sorted; empty in others
 * @param groups measured groups by increasing index
 * @param targets measured targets by increasing index
 * @param evaluations held-out losses
 * @param learningRate learning rate at the round's end
 * @param counts running totals over the shards; a target's signal counts once per shard
 */
public record RoundResult(
        long attempt,
        long firstRound,
        long round,
        long throughStep,
        Status status,
        List<String> reporters,
        List<ShardRound.GroupRound> groups,
        List<ShardRound.TargetRound> targets,
        List<RoundClosed.Evaluation> evaluations,
        double learningRate,
        ShardRound.Counts counts) {

    public RoundResult {
        reporters = List.copyOf(reporters);
        groups = List.copyOf(groups);
        targets = List.copyOf(targets);
        evaluations = List.copyOf(evaluations);
    }

    /**
     * Joins what the shards made of a round.
     *
     * @param pending results of any shards and rounds of one attempt; one that came twice counts
     *     once
     * @param round the round wanted
     * @param shards number of shards of the run
     * @return the joined round once every shard has answered for it; where shards gave up several
     *     rounds together, the stretch from {@code round} that all of them have answered for
     */
    public static Optional<RoundResult> join(List<ShardRound> pending, long round, int shards) {
        SortedMap<Integer, ShardRound> byShard = new TreeMap<>();
        for (ShardRound part : pending) {
            if (part.firstRound() <= round && round <= part.round()) {
                byShard.putIfAbsent(part.shard(), part);
            }
        }
        if (byShard.size() < shards) {
            return Optional.empty();
        }
        List<ShardRound> parts = List.copyOf(byShard.values());
        ShardRound nearest =
                parts.stream().min(Comparator.comparingLong(ShardRound::round)).orElseThrow();
        Status status = status(parts);
        boolean usable = status != Status.INCOMPLETE;
        List<ShardRound.GroupRound> groups = new ArrayList<>();
        long accepted = 0;
        long duplicates = 0;
        long late = 0;
        for (ShardRound part : parts) {
            // What some reporters alone said of some groups is of no use to the others.
            if (part.status() == Status.COMPLETE || usable) {
                groups.addAll(part.groups());
            }
            accepted += part.counts().accepted();
            duplicates += part.counts().duplicates();
            late += part.counts().late();
        }
        groups.sort(Comparator.comparingInt(ShardRound.GroupRound::index));
        return Optional.of(
                new RoundResult(
                        nearest.attempt(),
                        round,
                        nearest.round(),
                        nearest.throughStep(),
                        status,
                        usable ? nearest.reporters() : List.of(),
                        groups,
                        usable ? nearest.targets() : List.of(),
                        usable ? nearest.evaluations() : List.of(),
                        nearest.learningRate(),
                        new ShardRound.Counts(accepted, duplicates, late)));
    }

    /** Shards see the same statements, but each its own groups' signals. */
    private static Status status(List<ShardRound> parts) {
        ShardRound first = parts.get(0);
        boolean same =
                parts.stream()
                        .allMatch(
                                part ->
                                        part.status() == first.status()
                                                && part.reporters().equals(first.reporters()));
        return same ? first.status() : Status.INCOMPLETE;
    }
}
