package io.sluice.core.round;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keeps open rounds on the heap: for simulation, replay and tests, and between two checkpoints. */
public final class InMemoryRoundStore implements RoundStore {

    private record Key(Subject subject, String reporter, int part) {}

    private final Map<Long, Map<Key, Signal>> signals = new HashMap<>();
    private final Map<Long, TreeMap<String, RoundClosed>> closed = new HashMap<>();

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

    /** Whether a reporter's statement for a round is held. */
    public boolean isClosed(long round, String reporter) {
        TreeMap<String, RoundClosed> statements = closed.get(round);
        return statements != null && statements.containsKey(reporter);
    }

    /** The rounds of which anything is held, in increasing order. */
    public SortedSet<Long> rounds() {
        SortedSet<Long> rounds = new TreeSet<>(signals.keySet());
        rounds.addAll(closed.keySet());
        return rounds;
    }

    /** The signals of a round, in no order. */
    public Collection<Signal> signals(long round) {
        return Collections.unmodifiableCollection(signals.getOrDefault(round, Map.of()).values());
    }

    @Override
    public void forget(long round) {
        signals.remove(round);
        closed.remove(round);
    }
}
