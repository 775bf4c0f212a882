package io.sluice.state.flink;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.Subject;
import io.sluice.core.domain.TargetId;
import io.sluice.core.round.InMemoryRoundStore;
import io.sluice.core.round.RoundStore;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.state.MapState;

/**
 * Open rounds of one shard in Flink's keyed state, for the time that its key is processed.
 *
 * <p>What comes stays on the heap until {@link #save}, which must precede every checkpoint: most
 * rounds are over before that, and never reach state. Where the allowance is used up, it goes to
 * state at once.
 *
 * <p>What lies in state is known without asking, so that state is asked only for what it has: to
 * walk over a round in RocksDB would be to walk over all that was ever dropped before it.
 */
public final class KeyedRoundStore implements RoundStore {

    /** What a signal or a statement takes on the heap, in bytes, without its lists and sketch. */
    private static final int RECORD_BYTES = 640;

    /** What an item of a list takes. */
    private static final int ITEM_BYTES = 48;

    private final MapState<String, Signal> signals;
    private final MapState<String, RoundClosed> statements;
    private final HeldSignals saved;
    private final InMemoryRoundStore recent = new InMemoryRoundStore();
    private final Map<Long, Long> recentBytes = new HashMap<>();
    private final HeapAllowance allowance;

    /**
     * A store of what lies in state for the current key, whose keys are read once.
     *
     * @param signals by round, subject, part and reporter
     * @param statements by round and reporter
     * @param spec the run that every signal is of
     * @param allowance shared by all stores of a task
     */
    public KeyedRoundStore(
            MapState<String, Signal> signals,
            MapState<String, RoundClosed> statements,
            RunSpec spec,
            HeapAllowance allowance) {
        this.signals = signals;
        this.statements = statements;
        this.saved = new HeldSignals(spec);
        this.allowance = allowance;
        StateAccess.change(
                () -> {
                    for (String key : signals.keys()) {
                        note(key);
                    }
                    for (String key : statements.keys()) {
                        int round = key.indexOf('|');
                        saved.close(
                                Long.parseLong(key.substring(0, round)), key.substring(round + 1));
                    }
                });
    }

    @Override
    public boolean add(Signal signal) {
        long round = signal.round();
        Subject subject = signal.subject();
        if (saved.contains(round, subject, signal.reporter(), signal.part())
                || recent.signal(round, subject, signal.reporter(), signal.part()).isPresent()) {
            return false;
        }
        if (take(round, signal.plans().size(), signal.sketch().length)) {
            recent.add(signal);
        } else {
            save(signal);
        }
        return true;
    }

    @Override
    public int received(long round) {
        return saved.received(round) + recent.received(round);
    }

    @Override
    public Optional<Signal> signal(long round, Subject subject, String reporter, int part) {
        return saved.contains(round, subject, reporter, part)
                ? StateAccess.of(
                        () -> Optional.of(signals.get(key(round, subject, reporter, part))))
                : recent.signal(round, subject, reporter, part);
    }

    @Override
    public boolean add(RoundClosed closed) {
        long round = closed.round();
        if (saved.closed(round).contains(closed.reporter())
                || recent.isClosed(round, closed.reporter())) {
            return false;
        }
        if (take(round, closed.outcomes().size() + closed.evaluations().size(), 0)) {
            recent.add(closed);
        } else {
            save(closed);
        }
        return true;
    }

    @Override
    public List<RoundClosed> closed(long round) {
        List<RoundClosed> found = new ArrayList<>(recent.closed(round));
        for (String reporter : saved.closed(round)) {
            found.add(StateAccess.of(() -> statements.get(prefix(round) + reporter)));
        }
        found.sort(Comparator.comparing(RoundClosed::reporter));
        return found;
    }

    @Override
    public void forget(long round) {
        saved.visit(
                round,
                (subject, reporter, part) ->
                        StateAccess.change(
                                () -> signals.remove(key(round, subject, reporter, part))));
        for (String reporter : saved.closed(round)) {
            StateAccess.change(() -> statements.remove(prefix(round) + reporter));
        }
        saved.forget(round);
        forgetRecent(round);
    }

    /** Writes to state what is not there yet. */
    public void save() {
        for (long round : recent.rounds()) {
            recent.signals(round).forEach(this::save);
            recent.closed(round).forEach(this::save);
            forgetRecent(round);
        }
    }

    /** Drops what is not in state; to be called when that is of no use any more. */
    public void discard() {
        recent.rounds().forEach(this::forgetRecent);
    }

    private void forgetRecent(long round) {
        recent.forget(round);
        allowance.release(Optional.ofNullable(recentBytes.remove(round)).orElse(0L));
    }

    /** Whether something so large may stay on the heap. */
    private boolean take(long round, int items, int bytes) {
        long all = RECORD_BYTES + (long) ITEM_BYTES * items + bytes;
        if (!allowance.take(all)) {
            return false;
        }
        recentBytes.merge(round, all, Long::sum);
        return true;
    }

    private void save(Signal signal) {
        saved.add(signal.round(), signal.subject(), signal.reporter(), signal.part());
        String key = key(signal.round(), signal.subject(), signal.reporter(), signal.part());
        StateAccess.change(() -> signals.put(key, signal));
    }

    private void save(RoundClosed closed) {
        saved.close(closed.round(), closed.reporter());
        String key = prefix(closed.round()) + closed.reporter();
        StateAccess.change(() -> statements.put(key, closed));
    }

    /** Reads a key of {@code signals}; only a reporter's name may hold what separates its parts. */
    private void note(String key) {
        String[] parts = key.split("\\|", 5);
        Subject subject =
                Subject.Kind.valueOf(parts[1]) == Subject.Kind.GROUP
                        ? Subject.of(new GroupId(parts[2]))
                        : Subject.of(new TargetId(parts[2]));
        saved.add(Long.parseLong(parts[0]), subject, parts[4], Integer.parseInt(parts[3]));
    }

    private static String key(long round, Subject subject, String reporter, int part) {
        return prefix(round) + subject.kind() + '|' + subject.id() + '|' + part + '|' + reporter;
    }

    private static String prefix(long round) {
        return round + "|";
    }
}
