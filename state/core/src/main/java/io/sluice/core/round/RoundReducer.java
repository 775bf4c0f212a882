package io.sluice.core.round;

import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchWork;
import io.sluice.core.domain.Subject;
import io.sluice.core.round.RoundLedger.OpenRound;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.Rejection.Reason;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.core.signal.Signal;
import io.sluice.core.sketch.Hashes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Turns the signals of one (run, shard) into one {@link ShardRound} per round, strictly in order.
 * Pure but for the store it is given: no clock, no randomness, no I/O.
 *
 * <p>A round is complete when every reporter of the attempt has closed it and every signal that a
 * reporter says was acknowledged is here. Its signals are then combined in the order (reporter,
 * part), so that their arrival order has no effect. Until then a signal costs a fixed number of
 * accesses to state, however many are held. A round that is still incomplete when round + {@link
 * #WINDOW} is closed is given up; where the run says so, what enough reporters have sent whole is
 * decided on all the same.
 */
public final class RoundReducer {

    /** How far a round may lag behind the newest closed one. */
    public static final int WINDOW = 4;

    /** What came of one input. */
    public record Step(
            RoundLedger ledger, List<ShardRound> rounds, Optional<Rejection> rejection) {}

    private final RunSpec spec;
    private final int shard;
    private final RoundStore store;
    private final SketchWork work;

    /**
     * @param spec the run
     * @param shard which shard's groups to reduce, in [0, shards)
     * @param store holds the open rounds
     */
    public RoundReducer(RunSpec spec, int shard, RoundStore store) {
        this(spec, shard, store, SketchWork.of(spec.policy()));
    }

    /**
     * The same for whoever asks for more than the run's policy does.
     *
     * @param work what sketches are compared for beyond the alignments
     */
    public RoundReducer(RunSpec spec, int shard, RoundStore store, SketchWork work) {
        this.spec = spec;
        this.shard = shard;
        this.store = store;
        this.work = work;
    }

    /** The shard of {@code group}: {@code hash(group) mod shards}, unsigned. */
    public static int shardOf(GroupId group, int shards) {
        return shards == 1 ? 0 : (int) Long.remainderUnsigned(Hashes.hash(group.value()), shards);
    }

    /** Begins a new attempt: what was open is abandoned. */
    public RoundLedger start(Attempt attempt, Optional<RoundLedger> before) {
        before.ifPresent(ledger -> forgetWindow(ledger.nextRound()));
        return new RoundLedger(
                attempt.number(),
                attempt.reporters().size(),
                spec.rounds().roundOf(attempt.resumeStep()),
                new TreeMap<>(),
                ShardRound.Counts.ZERO,
                true);
    }

    /**
     * Takes a signal that has passed the rules. However far ahead it is, it ends no round: only a
     * statement says that a reporter is done with the rounds before.
     */
    public Step add(RoundLedger before, Signal signal) {
        RoundLedger ledger = counted(before);
        ShardRound.Counts counts = ledger.counts();
        long round = signal.round();
        if (round < ledger.nextRound()) {
            return late(ledger, round);
        }
        if (round > ledger.nextRound() + WINDOW) {
            return tooEarly(ledger, round);
        }
        if (!store.add(signal)) {
            return new Step(
                    ledger.withCounts(
                            new ShardRound.Counts(
                                    counts.accepted(), counts.duplicates() + 1, counts.late())),
                    List.of(),
                    Optional.empty());
        }
        return fold(ledger.received(round, 1), new ArrayList<>());
    }

    /** Takes a reporter's statement that has passed the rules. */
    public Step close(RoundLedger before, RoundClosed closed) {
        RoundLedger ledger = counted(before);
        if (closed.round() < ledger.nextRound()) {
            return new Step(ledger, List.of(), Optional.empty());
        }
        List<ShardRound> rounds = new ArrayList<>();
        RoundLedger current = ledger;
        if (closed.round() >= ledger.nextRound() + WINDOW) {
            long last = closed.round() - WINDOW;
            current = giveUp(ledger, last, rounds);
        }
        if (store.add(closed)) {
            current = stated(current, closed);
        }
        return fold(current, rounds);
    }

    private Step fold(RoundLedger ledger, List<ShardRound> rounds) {
        RoundLedger current = ledger;
        while (mayBeWhole(current)) {
            long round = current.nextRound();
            RoundSummary summary = new RoundSummary(spec, shard, store, work);
            Optional<ShardRound> whole =
                    summary.summarise(
                            current.attempt(),
                            round,
                            store.closed(round),
                            countsThrough(current, round));
            if (whole.isEmpty()) {
                return new Step(waiting(current, summary.missing()), rounds, Optional.empty());
            }
            rounds.add(whole.get());
            current = advance(current, round);
        }
        return new Step(current, rounds, Optional.empty());
    }

    /** Whether the counts allow the next round to be whole. They are cheap, and signals are not. */
    private static boolean mayBeWhole(RoundLedger ledger) {
        OpenRound open = ledger.open(ledger.nextRound());
        return open.statements() == ledger.reporters() && open.received() >= open.due();
    }

    /**
     * The next round lacks signals, although as many as were acknowledged are here: some of these
     * were given up by their sender. Those that are missing have yet to come, one by one.
     */
    private static RoundLedger waiting(RoundLedger ledger, int missing) {
        OpenRound open = ledger.open(ledger.nextRound());
        return ledger.with(
                ledger.nextRound(),
                new OpenRound(open.received(), open.statements(), open.received() + missing));
    }

    private RoundLedger stated(RoundLedger ledger, RoundClosed closed) {
        OpenRound open = ledger.open(closed.round());
        int due = open.due();
        for (SubjectOutcome outcome : closed.outcomes()) {
            due += isExpected(outcome) ? 1 : 0;
        }
        return ledger.with(
                closed.round(), new OpenRound(open.received(), open.statements() + 1, due));
    }

    /** The ledger with what the store holds: itself, unless it was stored. */
    public RoundLedger counted(RoundLedger ledger) {
        if (ledger.counted()) {
            return ledger;
        }
        RoundLedger counted = ledger.settled();
        for (long round = ledger.nextRound(); round <= ledger.nextRound() + WINDOW; round++) {
            counted = counted.received(round, store.received(round));
            for (RoundClosed statement : store.closed(round)) {
                counted = stated(counted, statement);
            }
        }
        return counted.asCounted();
    }

    private boolean isExpected(SubjectOutcome outcome) {
        return outcome.outcome() == Outcome.ACKNOWLEDGED
                && (outcome.kind() == Subject.Kind.TARGET || isMine(outcome));
    }

    private boolean isMine(SubjectOutcome outcome) {
        return shardOf(spec.groups().get(outcome.index()).id(), spec.shards()) == shard;
    }

    /**
     * Gives up every round through {@code last}: one by one where something may be held, the rest
     * together.
     */
    private RoundLedger giveUp(RoundLedger ledger, long last, List<ShardRound> rounds) {
        RoundLedger current = ledger;
        long held = ledger.nextRound() + WINDOW;
        while (current.nextRound() <= last) {
            long through = current.nextRound() <= held ? current.nextRound() : last;
            RoundLedger open = current;
            rounds.add(partial(open).orElseGet(() -> incomplete(open, through)));
            current = advance(current, through);
        }
        return current;
    }

    /**
     * The next round as the reporters make it whose part is whole, if these are enough. All may be,
     * where an earlier round held it up.
     */
    private Optional<ShardRound> partial(RoundLedger ledger) {
        long round = ledger.nextRound();
        if (!spec.rounds().suffice(ledger.open(round).statements(), ledger.reporters())) {
            return Optional.empty();
        }
        RoundSummary summary = new RoundSummary(spec, shard, store, work);
        List<RoundClosed> whole = store.closed(round).stream().filter(summary::isWhole).toList();
        if (!spec.rounds().suffice(whole.size(), ledger.reporters())) {
            return Optional.empty();
        }
        List<String> present = whole.stream().map(RoundClosed::reporter).toList();
        return summary.summarise(ledger.attempt(), round, whole, countsThrough(ledger, round))
                .map(
                        reduced ->
                                present.size() == ledger.reporters()
                                        ? reduced
                                        : reduced.partial(present));
    }

    private ShardRound incomplete(RoundLedger ledger, long through) {
        return new ShardRound(
                spec.runId(),
                spec.digest(),
                ledger.attempt(),
                ledger.nextRound(),
                through,
                shard,
                spec.rounds().lastStep(through),
                ShardRound.Status.INCOMPLETE,
                List.of(),
                List.of(),
                List.of(),
                0,
                countsThrough(ledger, through));
    }

    private RoundLedger advance(RoundLedger ledger, long through) {
        for (long round = ledger.nextRound();
                round <= Math.min(through, ledger.nextRound() + WINDOW);
                round++) {
            store.forget(round);
        }
        return ledger.advanced(through + 1);
    }

    /**
     * The totals without those signals of later rounds that happen to be here already, so that
     * arrival order does not show.
     */
    private static ShardRound.Counts countsThrough(RoundLedger ledger, long round) {
        ShardRound.Counts counts = ledger.counts();
        long later = 0;
        for (OpenRound held : ledger.open().tailMap(round + 1).values()) {
            later += held.received();
        }
        return new ShardRound.Counts(counts.accepted() - later, counts.duplicates(), counts.late());
    }

    private void forgetWindow(long nextRound) {
        for (long round = nextRound; round <= nextRound + WINDOW; round++) {
            store.forget(round);
        }
    }

    private static Step late(RoundLedger ledger, long round) {
        ShardRound.Counts counts = ledger.counts();
        return new Step(
                ledger.withCounts(
                        new ShardRound.Counts(
                                counts.accepted(), counts.duplicates(), counts.late() + 1)),
                List.of(),
                Optional.of(
                        new Rejection(
                                Reason.LATE,
                                "round "
                                        + round
                                        + " is over; the next to be decided is "
                                        + ledger.nextRound())));
    }

    private static Step tooEarly(RoundLedger ledger, long round) {
        return new Step(
                ledger,
                List.of(),
                Optional.of(
                        new Rejection(
                                Reason.TOO_EARLY,
                                "round "
                                        + round
                                        + " is more than "
                                        + WINDOW
                                        + " ahead of round "
                                        + ledger.nextRound())));
    }
}
