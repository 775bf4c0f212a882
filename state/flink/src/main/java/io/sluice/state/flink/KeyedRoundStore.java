package io.sluice.state.flink;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.round.RoundStore;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.state.MapState;

/**
 * Open rounds of one shard in Flink's keyed state, for the time that its key is processed. What is
 * held is known without asking state: it is asked for what it has, and told what is new. To walk
 * over a round in RocksDB would be to walk over all that was ever dropped before it.
 */
public final class KeyedRoundStore implements RoundStore {

    private final MapState<String, Signal> signals;
    private final MapState<String, RoundClosed> statements;
    private final HeldSignals held;

    /**
     * A store of what lies in state for the current key, whose keys are read once.
     *
     * @param signals by round, subject, part and reporter
     * @param statements by round and reporter
     * @param spec the run that every signal is of
     */
    public KeyedRoundStore(
            MapState<String, Signal> signals,
            MapState<String, RoundClosed> statements,
            RunSpec spec) {
        this.signals = signals;
        this.statements = statements;
        this.held = new HeldSignals(spec);
        StateAccess.of(
                () -> {
                    for (String key : signals.keys()) {
                        note(key);
                    }
                    for (String key : statements.keys()) {
                        int round = key.indexOf('|');
                        held.close(
                                Long.parseLong(key.substring(0, round)), key.substring(round + 1));
                    }
                    return null;
                });
    }

    @Override
    public boolean add(Signal signal) {
        if (!held.add(signal.round(), signal.subject(), signal.reporter(), signal.part())) {
            return false;
        }
        String key = key(signal.round(), signal.subject(), signal.reporter(), signal.part());
        return StateAccess.of(
                () -> {
                    signals.put(key, signal);
                    return true;
                });
    }

    @Override
    public int received(long round) {
        return held.received(round);
    }

    @Override
    public Optional<Signal> signal(long round, Subject subject, String reporter, int part) {
        return held.contains(round, subject, reporter, part)
                ? StateAccess.of(
                        () -> Optional.of(signals.get(key(round, subject, reporter, part))))
                : Optional.empty();
    }

    @Override
    public boolean add(RoundClosed closed) {
        return held.close(closed.round(), closed.reporter())
                && StateAccess.of(
                        () -> {
                            statements.put(prefix(closed.round()) + closed.reporter(), closed);
                            return true;
                        });
    }

    @Override
    public List<RoundClosed> closed(long round) {
        return StateAccess.of(
                () -> {
                    List<RoundClosed> found = new ArrayList<>();
                    for (String reporter : held.closed(round)) {
                        found.add(statements.get(prefix(round) + reporter));
                    }
                    return found;
                });
    }

    @Override
    public void forget(long round) {
        held.visit(
                round,
                (subject, reporter, part) ->
                        StateAccess.of(
                                () -> {
                                    signals.remove(key(round, subject, reporter, part));
                                    return null;
                                }));
        StateAccess.of(
                () -> {
                    for (String reporter : held.closed(round)) {
                        statements.remove(prefix(round) + reporter);
                    }
                    return null;
                });
        held.forget(round);
    }

    /** Reads a key of {@code signals}; only a reporter's name may hold what separates its parts. */
    private void note(String key) {
        String[] parts = key.split("\\|", 5);
        Subject subject =
                Subject.Kind.valueOf(parts[1]) == Subject.Kind.GROUP
                        ? Subject.of(new GroupId(parts[2]))
                        : Subject.of(new TargetId(parts[2]));
        held.add(Long.parseLong(parts[0]), subject, parts[4], Integer.parseInt(parts[3]));
    }

    private static String key(long round, Subject subject, String reporter, int part) {
        return prefix(round) + subject.kind() + '|' + subject.id() + '|' + part + '|' + reporter;
    }

    private static String prefix(long round) {
        return round + "|";
    }
}
