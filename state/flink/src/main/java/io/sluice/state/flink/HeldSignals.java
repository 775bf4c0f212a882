package io.sluice.state.flink;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.signal.Signal;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of one shard's open rounds lies in state: one bit per signal, and the reporters that closed
 * a round. So state is asked for nothing that it does not have, and nobody has to look for what a
 * round left behind.
 */
final class HeldSignals {

    private final RunSpec spec;
    private final TreeMap<Long, Round> rounds = new TreeMap<>();

    /** What is held of a round. */
    private static final class Round {
        private final TreeMap<String, BitSet> signals = new TreeMap<>();
        private final Set<String> statements = new TreeSet<>();
    }

    /** Takes one identity. */
    @FunctionalInterface
    interface Visitor {
        /** Takes the identity of a signal. */
        void visit(Subject subject, String reporter, int part);
    }

    HeldSignals(RunSpec spec) {
        this.spec = spec;
    }

    /** Notes a signal. */
    void add(long round, Subject subject, String reporter, int part) {
        rounds.computeIfAbsent(round, r -> new Round())
                .signals
                .computeIfAbsent(reporter, r -> new BitSet())
                .set(place(subject, part));
    }

    boolean contains(long round, Subject subject, String reporter, int part) {
        Round held = rounds.get(round);
        BitSet places = held == null ? null : held.signals.get(reporter);
        return places != null && places.get(place(subject, part));
    }

    /** Notes a statement. */
    void close(long round, String reporter) {
        rounds.computeIfAbsent(round, r -> new Round()).statements.add(reporter);
    }

    /** How many signals of a round are held. */
    int received(long round) {
        Round held = rounds.get(round);
        return held == null
                ? 0
                : held.signals.values().stream().mapToInt(BitSet::cardinality).sum();
    }

    /** The reporters that closed a round, in order. */
    Collection<String> closed(long round) {
        Round held = rounds.get(round);
        return held == null ? Collections.emptySet() : held.statements;
    }

    /** Shows every signal of a round. */
    void visit(long round, Visitor visitor) {
        Round held = rounds.get(round);
        if (held != null) {
            held.signals.forEach(
                    (reporter, places) ->
                            places.stream()
                                    .forEach(
                                            place ->
                                                    visitor.visit(
                                                            subject(place / Signal.PARTS),
                                                            reporter,
                                                            place % Signal.PARTS)));
        }
    }

    void forget(long round) {
        rounds.remove(round);
    }

    /** Groups come first, then targets. */
    private int place(Subject subject, int part) {
        int index = spec.indexOf(subject);
        if (index < 0) {
            throw new IllegalArgumentException("the run has no " + subject);
        }
        return Signal.PARTS * (subject.isGroup() ? index : spec.groups().size() + index) + part;
    }

    private Subject subject(int index) {
        int groups = spec.groups().size();
        if (index < groups) {
            GroupId group = spec.groups().get(index).id();
            return Subject.of(group);
        }
        TargetId target = spec.targets().get(index - groups).id();
        return Subject.of(target);
    }
}
