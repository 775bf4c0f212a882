package io.sluice.core.replay;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One round of one attempt, put together again from its records in their order: of all reporters,
 * or without those that a decision names as absent.
 */
final class RecordedRound {

    private final RunSpec spec;
    private final List<String> present;
    private final boolean partial;
    private final List<RoundReducer> reducers = new ArrayList<>();
    private final List<RoundLedger> ledgers = new ArrayList<>();
    private final List<Optional<ShardRound>> whole = new ArrayList<>();

    /**
     * @param absent places of the reporters that are not in it
     * @param work what the sketches are compared for
     */
    RecordedRound(
            RunSpec spec, Attempt attempt, long round, List<Integer> absent, SketchWork work) {
        this.spec = spec;
        this.partial = !absent.isEmpty();
        this.present = new ArrayList<>(attempt.reporters());
        for (int i = absent.size() - 1; i >= 0; i--) {
            present.remove((int) absent.get(i));
        }
        for (int shard = 0; shard < spec.shards(); shard++) {
            reducers.add(new RoundReducer(spec, shard, new InMemoryRoundStore(), work));
            ledgers.add(
                    new RoundLedger(
                            attempt.number(),
                            present.size(),
                            round,
                            new TreeMap<>(),
                            ShardRound.Counts.ZERO,
                            true));
            whole.add(Optional.empty());
        }
    }

    void add(Signal signal) {
        for (int shard = 0; shard < reducers.size(); shard++) {
            boolean mine =
                    !signal.subject().isGroup()
                            || shardOf(new GroupId(signal.subject().id())) == shard;
            if (mine && whole.get(shard).isEmpty()) {
                take(shard, reducers.get(shard).add(ledgers.get(shard), signal));
            }
        }
    }

    void close(RoundClosed closed) {
        if (!present.contains(closed.reporter())) {
            return;
        }
        for (int shard = 0; shard < reducers.size(); shard++) {
            if (whole.get(shard).isEmpty()) {
                take(shard, reducers.get(shard).close(ledgers.get(shard), closed));
            }
        }
    }

    /** Whether every signal is here that a decision with these inputs had. */
    boolean suffices(DecisionInputs inputs) {
        for (int shard = 0; shard < reducers.size(); shard++) {
            if (isNeeded(shard, inputs) && whole.get(shard).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /**
     * The shards' results, as the decision had them. A round that was given up may have been whole
     * in some shards: the decision names the tokens of their groups.
     */
    List<ShardRound> parts(DecisionInputs inputs) {
        List<ShardRound> parts = new ArrayList<>();
        for (int shard = 0; shard < reducers.size(); shard++) {
            ShardRound.Counts counts = shard == 0 ? inputs.counts() : ShardRound.Counts.ZERO;
            parts.add(
                    isNeeded(shard, inputs)
                            ? whole.get(shard).orElseThrow().with(counts)
                            : givenUp(shard, inputs, counts));
        }
        return parts;
    }

    private boolean isNeeded(int shard, DecisionInputs inputs) {
        return inputs.hasRound()
                || inputs.measured().stream()
                        .anyMatch(index -> shardOf(spec.groups().get(index).id()) == shard);
    }

    private int shardOf(GroupId group) {
        return RoundReducer.shardOf(group, spec.shards());
    }

    private void take(int shard, RoundReducer.Step step) {
        ledgers.set(shard, step.ledger());
        step.rounds().stream()
                .findFirst()
                .map(reduced -> partial ? reduced.partial(present) : reduced)
                .ifPresent(reduced -> whole.set(shard, Optional.of(reduced)));
    }

    private ShardRound givenUp(int shard, DecisionInputs inputs, ShardRound.Counts counts) {
        return new ShardRound(
                spec.runId(),
                spec.digest(),
                inputs.attempt(),
                inputs.firstRound(),
                inputs.round(),
                shard,
                spec.rounds().lastStep(inputs.round()),
                ShardRound.Status.INCOMPLETE,
                List.of(),
                List.of(),
                List.of(),
                0,
                counts);
    }
}
