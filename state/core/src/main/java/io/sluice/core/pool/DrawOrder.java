package io.sluice.core.pool;

import io.sluice.core.pool.Stretch.Kind;
import io.sluice.core.pool.Stretch.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * Which document stands at each occurrence 0, 1, 2, ... of one group, while documents arrive.
 *
 * <p>What an occurrence takes is decided when it is needed, in the order of occurrences, and stays
 * so: a document that was not drawn yet, in the order of admission; when there is none, one that
 * was ({@link RepeatOrder}); when the group has none at all, none. So nothing depends on the
 * mixture's weights, on who asks, or on how often, and what one attempt drew is drawn again by an
 * attempt that resumes before it.
 *
 * <p>What was decided is kept as a list of {@link Stretch}es, and must be stored before it is told.
 * For one owner at a time.
 */
public final class DrawOrder {

    /**
     * Stretches from which on a repeat is interrupted no more until occurrences are released: new
     * documents wait.
     */
    public static final int MANY_STRETCHES = 1 << 16;

    private final List<Stretch> stretches;
    private Window documents = Window.EMPTY;
    private LongUnaryOperator kept = LongUnaryOperator.identity();
    private long decided;
    private long next;
    private int stored;

    /**
     * Goes on from what was stored.
     *
     * @param stretches by increasing first occurrence
     * @param decided the first occurrence that is not decided
     * @throws IllegalArgumentException when they contradict each other
     */
    public DrawOrder(List<Stretch> stretches, long decided) {
        this.stretches = new ArrayList<>(stretches);
        this.stored = stretches.size();
        this.decided = decided;
        for (int i = 0; i < stretches.size(); i++) {
            Stretch stretch = stretches.get(i);
            if (end(i) <= stretch.from()) {
                throw new IllegalArgumentException(stretch + " ends before it begins");
            }
            if (stretch.kind() == Kind.FIRST) {
                next = stretch.begin() + end(i) - stretch.from();
            }
        }
    }

    /** An order of which nothing is decided. */
    public static DrawOrder empty() {
        return new DrawOrder(List.of(), 0);
    }

    /**
     * Says which documents there are.
     *
     * @param numbers those that were admitted and not evicted; empty when all of them were removed
     * @param firstKept the first one from a number on that was not removed; the end when none is
     */
    public void documents(Window numbers, LongUnaryOperator firstKept) {
        documents = numbers;
        kept = firstKept;
    }

    /** The first occurrence that is not decided. */
    public long decided() {
        return decided;
    }

    /** Number of the first document that was not drawn. */
    public long next() {
        return next;
    }

    /**
     * Decides what occurrences take.
     *
     * @param need occurrences below this one are decided, whatever there is for them
     * @param wish those below this one too, as far as they take documents that were not drawn yet
     * @return whether there is something new: {@link #unsaved} and {@link #decided} must be stored
     *     before it is told
     */
    public boolean decide(long need, long wish) {
        long before = decided;
        while (decided < Math.max(need, wish)) {
            Kind kind = kind();
            if (kind == Kind.FIRST) {
                first(Math.max(need, wish) - decided);
            } else if (decided >= need) {
                break;
            } else if (kind == Kind.AGAIN) {
                again(need - decided);
            } else {
                none(need - decided);
            }
        }
        return decided > before;
    }

    /**
     * The stretch that holds an occurrence.
     *
     * @throws IllegalArgumentException when it is not decided, or was released
     */
    public Stretch at(long occurrence) {
        int low = 0;
        int high = stretches.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (stretches.get(middle).from() <= occurrence) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        if (occurrence >= decided || stretches.get(low).from() > occurrence) {
            throw new IllegalArgumentException(
                    "occurrence " + occurrence + " is not decided, or was released");
        }
        return stretches.get(low);
    }

    /** Stretches that were begun since {@link #saved}. */
    public List<Stretch> unsaved() {
        return List.copyOf(stretches.subList(stored, stretches.size()));
    }

    /** Notes that all stretches are stored. */
    public void saved() {
        stored = stretches.size();
    }

    /**
     * Forgets stretches that ended before an occurrence, but for what goes on after it: the last of
     * first draws and of repeats.
     *
     * @param occurrence the first that may be asked for again
     * @return those that were forgotten; they were stored
     */
    public List<Stretch> release(long occurrence) {
        int count = 0;
        int most = Math.min(last(Kind.FIRST), last(Kind.AGAIN));
        while (count < Math.min(most, stored) && end(count) <= occurrence) {
            count++;
        }
        List<Stretch> past = stretches.subList(0, count);
        List<Stretch> forgotten = List.copyOf(past);
        past.clear();
        stored -= count;
        return forgotten;
    }

    /** Number of the first document that an occurrence, or one after it, draws first. */
    public long firstDrawnFrom(long occurrence) {
        for (int i = 0; i < stretches.size(); i++) {
            Stretch stretch = stretches.get(i);
            if (stretch.kind() == Kind.FIRST && end(i) > occurrence) {
                return stretch.begin() + Math.max(0, occurrence - stretch.from());
            }
        }
        return next;
    }

    private Kind kind() {
        if (isFull() && last().kind() != Kind.FIRST) {
            return last().kind();
        }
        if (next < documents.end() && kept.applyAsLong(next) < documents.end()) {
            return Kind.FIRST;
        }
        return documents.size() > 0 ? Kind.AGAIN : Kind.NONE;
    }

    private void first(long most) {
        long number = kept.applyAsLong(next);
        boolean goesOn = !stretches.isEmpty() && last().kind() == Kind.FIRST && number == next;
        if (!goesOn) {
            stretches.add(new Stretch(decided, Kind.FIRST, number, Window.EMPTY, 0));
        }
        long end = number + Math.min(most, documents.end() - number);
        long reached = number + 1;
        while (reached < end && kept.applyAsLong(reached) == reached) {
            reached++;
        }
        decided += reached - number;
        next = reached;
    }

    private void none(long most) {
        if (stretches.isEmpty() || last().kind() != Kind.NONE) {
            stretches.add(new Stretch(decided, Kind.NONE, 0, Window.EMPTY, 0));
        }
        decided += most;
    }

    /** Goes on with the last pass until it ends, then begins one over all documents there are. */
    private void again(long most) {
        int i = last(Kind.AGAIN);
        if (i == stretches.size()) {
            stretches.add(new Stretch(decided, Kind.AGAIN, 0, documents, 1));
        } else {
            Stretch pass = stretches.get(i);
            long taken = pass.begin() + end(i) - pass.from();
            long size = pass.window().size();
            boolean ended = taken % size == 0 || pass.window().first() < documents.first();
            if (ended && !isFull() && !pass.window().equals(documents)) {
                long passes = pass.pass() + (taken + size - 1) / size;
                stretches.add(new Stretch(decided, Kind.AGAIN, 0, documents, passes));
            } else if (i < stretches.size() - 1) {
                stretches.add(new Stretch(decided, Kind.AGAIN, taken, pass.window(), pass.pass()));
            }
        }
        Stretch pass = last();
        long taken = pass.begin() + decided - pass.from();
        long left = pass.window().size() - taken % pass.window().size();
        boolean another = !isFull() && !pass.window().equals(documents);
        decided += another ? Math.min(most, left) : most;
    }

    /** Place of the last stretch of a kind; the size of the list when there is none. */
    private int last(Kind kind) {
        for (int i = stretches.size() - 1; i >= 0; i--) {
            if (stretches.get(i).kind() == kind) {
                return i;
            }
        }
        return stretches.size();
    }

    private boolean isFull() {
        return stretches.size() > MANY_STRETCHES;
    }

    private Stretch last() {
        return stretches.get(stretches.size() - 1);
    }

    private long end(int i) {
        return i + 1 < stretches.size() ? stretches.get(i + 1).from() : decided;
    }
}
