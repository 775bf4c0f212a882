package io.sluice.bridge.pool;

import io.sluice.core.pool.DrawOrder;
import io.sluice.core.pool.RepeatOrder;
import io.sluice.core.pool.Stretch;
import java.util.OptionalLong;

/** One group of a pool: what it holds, and what its draws take. Guarded by the pool. */
final class PoolGroup {

    private final String id;
    private final PoolStore store;
    private final RepeatOrder repeats;
    private final DrawOrder order;
    private GroupStock stock = GroupStock.EMPTY;
    private long released;

    PoolGroup(String id, PoolStore store, long seed, PoolStore.StoredGroup stored) {
        this.id = id;
        this.store = store;
        this.repeats = new RepeatOrder(seed, id);
        this.order = stored.order();
        this.released = stored.released();
        stock(stored.stock());
    }

    GroupStock stock() {
        return stock;
    }

    DrawOrder order() {
        return order;
    }

    /** First occurrence that may be asked for again. */
    long released() {
        return released;
    }

    void released(long occurrence) {
        released = occurrence;
    }

    void stock(GroupStock value) {
        stock = value;
        order.documents(
                value.window(),
                number ->
                        value.removed() == 0 ? number : store.held(id, number).orElse(value.end()));
    }

    /** Number of the first document that must not be evicted. */
    long firstNeeded() {
        return Math.min(stock.end(), order.firstDrawnFrom(released));
    }

    /**
     * Number of the document at a decided occurrence; empty when there was none. A document that
     * was removed since gives way to the next one, and one that was evicted to another.
     */
    OptionalLong number(long occurrence, Stretch stretch) {
        if (stretch.kind() == Stretch.Kind.NONE || stock.documents() == 0) {
            return OptionalLong.empty();
        }
        long number =
                stretch.kind() == Stretch.Kind.FIRST
                        ? place(occurrence, stretch)
                        : again(occurrence, stretch);
        if (number < stock.first()) {
            number = stock.first() + number % (stock.end() - stock.first());
        }
        return held(number);
    }

    /** Number of a document that is held, chosen by any word; empty when none is. */
    OptionalLong sampled(long word) {
        if (stock.documents() == 0) {
            return OptionalLong.empty();
        }
        long number = stock.first() + Long.remainderUnsigned(word, stock.end() - stock.first());
        return held(number);
    }

    /** The first document that is held from a number on, else the first of all. */
    private OptionalLong held(long number) {
        OptionalLong held = store.held(id, number);
        return held.isPresent() ? held : store.held(id, stock.first());
    }

    /** Which pass an occurrence belongs to; 0 for first draws. */
    static long pass(long occurrence, Stretch stretch) {
        return stretch.kind() == Stretch.Kind.AGAIN
                ? stretch.pass() + place(occurrence, stretch) / stretch.window().size()
                : 0;
    }

    private long again(long occurrence, Stretch stretch) {
        boolean whole = stretch.window().first() >= stock.first();
        return repeats.at(
                stretch.window(),
                pass(occurrence, stretch),
                place(occurrence, stretch) % stretch.window().size(),
                number -> whole ? store.weight(id, number) : 0);
    }

    private static long place(long occurrence, Stretch stretch) {
        return stretch.begin() + occurrence - stretch.from();
    }
}
