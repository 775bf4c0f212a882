package io.sluice.core.simulation;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.Rejection;
import java.util.Optional;
import java.util.function.Consumer;

/** The job's second stage: one shard of the run. */
final class Shard {

    private final World world;
    private final int number;
    private final HeapRounds store;
    private RunSpec spec;
    private RoundLedger ledger;

    Shard(World world, int number) {
        this(world, number, world.seams().rounds());
    }

    private Shard(World world, int number, HeapRounds store) {
        this.world = world;
        this.number = number;
        this.store = store;
    }

    Shard copy() {
        Shard copy = new Shard(world, number, world.seams().rounds().with(store));
        copy.spec = spec;
        copy.ledger = ledger == null ? null : ledger.settled();
        return copy;
    }

    /**
     * Takes an event.
     *
     * @param recount what the oracle expects
     */
    void take(Event event, Recount recount, Consumer<Event> out) {
        if (event instanceof Event.Signalled signalled) {
            ShardRound.Counts before = ledger.counts();
            RoundReducer.Step step = reducer().add(ledger, signalled.signal());
            step.rejection().ifPresent(rejection -> world.coverage().count(rejection.reason()));
            finish(step, recount, out);
            recount.check(number, signalled, fate(before, step));
        } else if (event instanceof Event.Closed closed) {
            finish(reducer().close(ledger, closed.closed()), recount, out);
        } else if (event instanceof Event.Started started) {
            ShardRound.Counts left =
                    ledger == null ? ShardRound.Counts.ZERO : reducer().counted(ledger).counts();
            spec = started.spec();
            ledger = reducer().start(started.attempt(), Optional.ofNullable(ledger));
            out.accept(new Event.Started(spec, started.attempt(), world.seams().left(left)));
        } else {
            out.accept(event);
        }
    }

    /** Checks the bounds and, when everything was read, the books. */
    void check(Recount recount, boolean hasReadAll) {
        if (ledger == null) {
            return;
        }
        Violation.unless(
                store.size() <= RoundReducer.WINDOW + 1
                        && ledger.open().size() <= RoundReducer.WINDOW + 1,
                Invariant.BOUNDS,
                () -> "shard " + number + " holds " + store.size() + " rounds");
        if (hasReadAll && number < recount.shards()) {
            recount.checkTotals(number, reducer().counted(ledger).counts());
        }
    }

    private void finish(RoundReducer.Step step, Recount recount, Consumer<Event> out) {
        ledger = step.ledger();
        for (ShardRound round : step.rounds()) {
            world.coverage().count(round.status());
            world.trace()
                    .note(
                            () ->
                                    "shard "
                                            + number
                                            + " ends round "
                                            + round.round()
                                            + " of attempt "
                                            + round.attempt()
                                            + ": "
                                            + round.status());
            recount.check(number, round);
            out.accept(new Event.Reduced(round));
        }
    }

    private static Recount.Fate fate(ShardRound.Counts before, RoundReducer.Step step) {
        ShardRound.Counts after = step.ledger().counts();
        if (step.rejection()
                .map(Rejection::reason)
                .filter(Rejection.Reason.TOO_EARLY::equals)
                .isPresent()) {
            return Recount.Fate.TOO_EARLY;
        }
        if (after.late() > before.late()) {
            return Recount.Fate.LATE;
        }
        return after.duplicates() > before.duplicates()
                ? Recount.Fate.DUPLICATE
                : Recount.Fate.ACCEPTED;
    }

    private RoundReducer reducer() {
        return new RoundReducer(spec, number, store);
    }
}
