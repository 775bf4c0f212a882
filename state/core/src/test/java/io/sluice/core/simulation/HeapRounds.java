package io.sluice.core.simulation;

import io.sluice.core.domain.Subject;
import io.sluice.core.round.RoundStore;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The open rounds of a shard, as a checkpoint can hold them. */
class HeapRounds implements RoundStore {

    private record Key(Subject subject, String reporter, int part) {}

    private final Map<Long, Map<Key, Signal>> signals = new HashMap<>();
    private final Map<Long, TreeMap<String, RoundClosed>> closed = new HashMap<>();

    /** Takes in what the other holds. */
    HeapRounds with(HeapRounds other) {
        other.signals.forEach((round, held) -> signals.put(round, new HashMap<>(held)));
        other.closed.forEach((round, held) -> closed.put(round, new TreeMap<>(held)));
        return this;
    }

    /** Rounds of which something is held. */
    int size() {
        return Math.max(signals.size(), closed.size());
    }

    @Override
    public boolean add(Signal signal) {
        Key key = new Key(signal.subject(), signal.reporter(), signal.part());
        return signals.computeIfAbsent(signal.round(), r -> new HashMap<>())
                        .putIfAbsent(key, signal)
                == null;
    }

    @Override
    public int received(long round) {
        return signals.getOrDefault(round, Map.of()).size();
    }

    @Override
    public Optional<Signal> signal(long round, Subject subject, String reporter, int part) {
        return Optional.ofNullable(
                signals.getOrDefault(round, Map.of()).get(new Key(subject, reporter, part)));
    }

    @Override
    public boolean add(RoundClosed statement) {
        return closed.computeIfAbsent(statement.round(), r -> new TreeMap<>())
                        .putIfAbsent(statement.reporter(), statement)
                == null;
    }

    @Override
    public List<RoundClosed> closed(long round) {
        TreeMap<String, RoundClosed> statements = closed.get(round);
        return statements == null ? List.of() : new ArrayList<>(statements.values());
    }

    @Override
    public void forget(long round) {
        signals.remove(round);
        closed.remove(round);
    }
}
