package io.sluice.state.flink;

import io.sluice.core.domain.Subject;
import io.sluice.core.round.RoundStore;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.state.MapState;

/**
 * Open rounds in Flink's keyed state, for the key that is being processed. Keys start with the
 * round, so that a round is dropped by walking over what is held.
 */
public final class KeyedRoundStore implements RoundStore {

    private final MapState<String, Signal> signals;
    private final MapState<String, RoundClosed> statements;

    public KeyedRoundStore(
            MapState<String, Signal> signals, MapState<String, RoundClosed> statements) {
        this.signals = signals;
        this.statements = statements;
    }

    /** Forgets every round. */
    public void clear() {
        signals.clear();
        statements.clear();
    }

    @Override
    public boolean add(Signal signal) {
        return add(
                signals,
                key(signal.round(), signal.subject(), signal.reporter(), signal.part()),
                signal);
    }

    @Override
    public Optional<Signal> signal(long round, Subject subject, String reporter, int part) {
        return StateAccess.of(
                () -> Optional.ofNullable(signals.get(key(round, subject, reporter, part))));
    }

    @Override
    public boolean add(RoundClosed closed) {
        return add(statements, prefix(closed.round()) + closed.reporter(), closed);
    }

    @Override
    public List<RoundClosed> closed(long round) {
        return StateAccess.of(
                () -> {
                    List<RoundClosed> found = new ArrayList<>();
                    for (Map.Entry<String, RoundClosed> entry : statements.entries()) {
                        if (entry.getKey().startsWith(prefix(round))) {
                            found.add(entry.getValue());
                        }
                    }
                    found.sort(Comparator.comparing(RoundClosed::reporter));
                    return found;
                });
    }

    @Override
    public void forget(long round) {
        StateAccess.of(
                () -> {
                    removeAll(signals, prefix(round));
                    removeAll(statements, prefix(round));
                    return null;
                });
    }

    private static <T> boolean add(MapState<String, T> state, String key, T value) {
        return StateAccess.of(
                () -> {
                    if (state.contains(key)) {
                        return false;
                    }
                    state.put(key, value);
                    return true;
                });
    }

    private static void removeAll(MapState<String, ?> state, String prefix) throws Exception {
        Iterator<String> keys = state.keys().iterator();
        while (keys.hasNext()) {
            if (keys.next().startsWith(prefix)) {
                keys.remove();
            }
        }
    }

    private static String key(long round, Subject subject, String reporter, int part) {
        return prefix(round) + subject.kind() + '|' + subject.id() + '|' + part + '|' + reporter;
    }

    private static String prefix(long round) {
        return round + "|";
    }
}
