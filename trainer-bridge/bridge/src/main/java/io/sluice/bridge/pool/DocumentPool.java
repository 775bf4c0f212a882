package io.sluice.bridge.pool;

import io.sluice.core.domain.GroupId;
import io.sluice.core.pool.DrawOrder;
import io.sluice.core.pool.Stretch;
import io.sluice.core.pool.TopicPositions;
import io.sluice.schemas.AdmittedDocument;
import io.sluice.schemas.Contract;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The admitted documents of one catalog, for one run, in a RocksDB folder. A bridge fills it from
 * the log; a trainer draws from it.
 *
 * <p>The draws of a group are numbered 0, 1, 2, ...: occurrences. What an occurrence takes does not
 * depend on the mixture, nor on who asks, and is the same for ever: the next document in the order
 * of admission; one of those drawn before when there is no other, by their weights; none while the
 * group has none. So a trainer that counts its draws neither skips nor repeats a document, and its
 * checkpoint holds nothing but the counts. Only removals change answers: another document stands
 * for one that was removed.
 *
 * <p>A group that is full leaves its next documents in the log until there is room. Documents that
 * were drawn before the oldest occurrence that may be asked for again ({@link #release}) make room.
 *
 * <p>Thread-safe. Nothing waits for a network.
 */
public final class DocumentPool implements AutoCloseable {

    /** Most draws that are answered at once. */
    public static final int MOST_DRAWS = 1_024;

    /** Bytes of documents from which on an answer holds no further one. */
    public static final int ANSWER_BYTES = 1 << 20;

    /** Groups beyond this are not held. */
    static final int MOST_GROUPS = 10_000;

    /** Far beyond any training, and far from where sums of occurrences overflow. */
    private static final long MOST_OCCURRENCES = 1L << 53;

    /**
     * A group that fell behind is read again when so much of its room is free: one in this many.
     */
    private static final int ROOM_PARTS = 4;

    private static final Contract CONTRACT = new Contract();

    private final PoolOptions options;
    private final long seed;
    private final PoolStore store;
    private final Map<String, PoolGroup> groups = new TreeMap<>();
    private TopicPositions positions;
    private long refused;
    private long duplicates;
    private long unreadable;
    private boolean writable = true;

    private DocumentPool(PoolOptions options, long seed, PoolStore store) {
        this.options = options;
        this.seed = seed;
        this.store = store;
        this.positions = store.positions();
        store.groups()
                .forEach((id, group) -> groups.put(id, new PoolGroup(id, store, seed, group)));
    }

    /**
     * Opens the pool of a run in a folder, which is created when absent.
     *
     * @param seed the run's seed, for the order of repeats
     * @throws PoolException when the folder is locked, damaged, another run's or not usable
     */
    public static DocumentPool open(Path folder, PoolOptions options, String run, long seed) {
        return open(folder, options, run, seed, org.rocksdb.RocksDB::open);
    }

    static DocumentPool open(
            Path folder, PoolOptions options, String run, long seed, PoolStore.Opener opener) {
        PoolStore store = PoolStore.open(folder, run + "\n" + options.catalog(), opener);
        try {
            return new DocumentPool(options, seed, store);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /** How it was opened. */
    public PoolOptions options() {
        return options;
    }

    /**
     * What occurrences of a group take.
     *
     * @param from the first one, at least 0
     * @param need how many of them are needed now: they are repeats, or nothing, where there is no
     *     new document. At most {@code count}
     * @param count how many of them are wanted, 1 to {@value #MOST_DRAWS}; those beyond {@code
     *     need} only as far as they take documents that were not drawn before, so that looking
     *     ahead never uses up a draw that a later document could have had
     * @return those that are there, from {@code from} on; fewer than needed only when they are too
     *     large for one answer
     * @throws PoolException when the occurrences were released, or the folder cannot be used
     * @throws IllegalArgumentException when a number is out of range
     */
    public synchronized List<DrawnDocument> draw(GroupId id, long from, int need, int count) {
        if (from < 0 || from > MOST_OCCURRENCES) {
            throw new IllegalArgumentException("occurrence " + from + " is not possible");
        }
        if (count < 1 || count > MOST_DRAWS || need < 0 || need > count) {
            throw new IllegalArgumentException(
                    need
                            + " of "
                            + count
                            + " draws: count is 1 to "
                            + MOST_DRAWS
                            + ", and need 0 to count");
        }
        PoolGroup group = group(id.value());
        if (from < group.released()) {
            throw new PoolException(
                    PoolException.Kind.RELEASED,
                    "occurrence " + from + " of group " + id + " was released",
                    null);
        }
        long wanted = need > 0 ? from + need : 0;
        if (group.order().decide(wanted, from + count)) {
            save(id.value(), group);
        }
        List<DrawnDocument> drawn = new ArrayList<>();
        long until = Math.min(from + count, group.order().decided());
        long bytes = 0;
        for (long n = from; n < until && bytes < ANSWER_BYTES; n++) {
            DrawnDocument document = at(id.value(), group, n);
            bytes += document.document().map(found -> found.text().length).orElse(0);
            drawn.add(document);
        }
        return drawn;
    }

    /**
     * One of the documents that are held, to measure with. It is not a draw: nothing is decided or
     * used up.
     *
     * @param word any number; it chooses the document
     * @return the document; empty when the group has none, or it cannot be read
     */
    public synchronized Optional<PooledDocument> sample(GroupId id, long word) {
        PoolGroup group = groups.get(id.value());
        return group == null
                ? Optional.empty()
                : group.sampled(word).stream()
                        .boxed()
                        .findFirst()
                        .flatMap(number -> store.document(id.value(), number))
                        .map(DocumentPool::document);
    }

    /**
     * Says that occurrences will not be asked for again: what they drew first may make room for
     * others. To be said when a checkpoint is given up, with what the oldest kept one counts.
     *
     * @param occurrences by group, the first that may be asked for again; never goes back
     */
    public synchronized void release(Map<GroupId, Long> occurrences) {
        occurrences.forEach(
                (id, occurrence) -> {
                    PoolGroup group = groups.get(id.value());
                    if (group != null && occurrence > group.released()) {
                        long now = Math.min(occurrence, group.order().decided());
                        group.released(now);
                        try (PoolBatch batch = new PoolBatch()) {
                            batch.order(id.value(), group.order(), now);
                            batch.forget(id.value(), group.order().release(now));
                            store.write(batch);
                            group.order().saved();
                        }
                    }
                });
    }

    /** What it holds now. */
    public synchronized PoolStatus status() {
        Map<String, Map<Integer, Long>> behind = positions.behind();
        Map<GroupId, PoolStatus.Group> each = new HashMap<>();
        groups.forEach(
                (id, group) ->
                        each.put(
                                new GroupId(id),
                                new PoolStatus.Group(
                                        group.stock().documents(),
                                        group.stock().bytes(),
                                        group.stock().end(),
                                        group.stock().removed(),
                                        group.order().next(),
                                        behind.containsKey(id))));
        return new PoolStatus(each, refused, duplicates, unreadable);
    }

    /** Whether what was written last was taken. */
    public synchronized boolean isWritable() {
        return writable;
    }

    /**
     * Where to read the topic of documents from. To be called by the one that fills the pool, as
     * {@link #take}, {@link #wantsEarlier} and {@link #repair}.
     *
     * @param partitions all partitions of the topic
     * @return a position for each of them
     */
    public synchronized Map<Integer, Long> begin(Set<Integer> partitions) {
        return positions.begin(partitions, groupsWithRoom());
    }

    /** Whether {@link #begin} would read what a group had no room for, and has now. */
    public synchronized boolean wantsEarlier() {
        return !positions.isCatchingUp() && !groupsWithRoom().isEmpty();
    }

    /**
     * Takes in what it has room for; the rest is noted, and read again when there is room.
     *
     * @param records records of the topic, in their order
     * @throws PoolException when they cannot be stored; nothing of them was taken then
     */
    public void take(List<PoolRecord> records) {
        try (PoolBatch batch = new PoolBatch()) {
            Intake intake = intake(batch);
            records.forEach(intake::take);
            intake.finish(positions);
            write(batch);
            taken(intake);
        }
    }

    /**
     * Makes the folder take writes again after one that failed. Draws go on meanwhile.
     *
     * @throws PoolException when that does not work yet
     */
    public synchronized void repair() {
        if (!writable) {
            store.reopen();
            writable = true;
        }
    }

    @Override
    public synchronized void close() {
        store.close();
    }

    private synchronized Intake intake(PoolBatch batch) {
        Map<String, GroupStock> stocks = new TreeMap<>();
        Map<String, Long> needed = new HashMap<>();
        groups.forEach(
                (id, group) -> {
                    stocks.put(id, group.stock());
                    needed.put(id, group.firstNeeded());
                });
        return new Intake(options, CONTRACT, store, batch, positions.copy(), stocks, needed);
    }

    private synchronized void taken(Intake intake) {
        positions = intake.positions();
        intake.changed().forEach((id, stock) -> group(id).stock(stock));
        refused += intake.refused();
        duplicates += intake.duplicates();
    }

    private DrawnDocument at(String id, PoolGroup group, long occurrence) {
        Stretch stretch = group.order().at(occurrence);
        OptionalLong number = group.number(occurrence, stretch);
        Optional<PooledDocument> document = Optional.empty();
        if (number.isPresent()) {
            document = store.document(id, number.getAsLong()).map(DocumentPool::document);
            unreadable += document.isPresent() ? 0 : 1;
        }
        return new DrawnDocument(occurrence, PoolGroup.pass(occurrence, stretch), document);
    }

    private static PooledDocument document(byte[] value) {
        AdmittedDocument record = (AdmittedDocument) CONTRACT.decode(value);
        ByteBuffer text = record.getText();
        byte[] bytes = new byte[text.remaining()];
        text.duplicate().get(bytes);
        return new PooledDocument(
                record.getId(), record.getSource(), record.getUri(), record.getTokens(), bytes);
    }

    /** Where the folder takes no writes, the trainer goes on with what memory knows. */
    private void save(String id, PoolGroup group) {
        try (PoolBatch batch = new PoolBatch()) {
            batch.order(id, group.order(), group.released());
            write(batch);
            group.order().saved();
        } catch (PoolException e) {
            writable = false;
        }
    }

    private void write(PoolBatch batch) {
        try {
            store.write(batch);
        } catch (PoolException e) {
            synchronized (this) {
                writable = false;
            }
            throw e;
        }
    }

    private PoolGroup group(String id) {
        PoolGroup group = groups.get(id);
        if (group == null) {
            if (groups.size() >= MOST_GROUPS) {
                throw new IllegalArgumentException(
                        "group " + id + " would be one more than " + MOST_GROUPS);
            }
            group =
                    new PoolGroup(
                            id,
                            store,
                            seed,
                            new PoolStore.StoredGroup(GroupStock.EMPTY, DrawOrder.empty(), 0));
            groups.put(id, group);
        }
        return group;
    }

    private Set<String> groupsWithRoom() {
        Set<String> behind = new TreeSet<>(positions.behind().keySet());
        if (behind.isEmpty()) {
            return behind;
        }
        long all = groups.values().stream().mapToLong(group -> group.stock().bytes()).sum();
        long freeable = groups.values().stream().mapToLong(DocumentPool::freeable).sum();
        long free = options.bytes() - all + freeable;
        Set<String> ready = new HashSet<>();
        for (String id : behind) {
            PoolGroup group = group(id);
            long room = options.groupBytes() - group.stock().bytes() + freeable(group);
            if (Math.min(room, free) >= options.groupBytes() / ROOM_PARTS) {
                ready.add(id);
            }
        }
        return ready;
    }

    /** Bytes of the documents that may be evicted, as if all were of one size. */
    private static long freeable(PoolGroup group) {
        GroupStock stock = group.stock();
        long count = group.firstNeeded() - stock.first();
        long all = stock.end() - stock.first();
        return count <= 0 ? 0 : (long) ((double) stock.bytes() * count / all);
    }
}
