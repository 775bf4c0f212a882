package io.sluice.bridge.pool;

import io.sluice.core.pool.DrawOrder;
import io.sluice.core.pool.Stretch;
import io.sluice.core.pool.TopicPositions;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WriteOptions;

/**
 * A pool's RocksDB folder; {@link PoolKeys} says what stands in it. A write has reached the
 * operating system when it returns, and is whole or absent after any death.
 *
 * <p>Reads go on after a write that failed, as on a full disk; writes only after {@link #reopen}.
 * Thread-safe, but for opening and closing.
 */
final class PoolStore implements AutoCloseable {

    private static final long BUFFER_BYTES = 16L << 20;
    private static final long CACHE_BYTES = 32L << 20;

    /** Free bytes without which the folder is not opened anew: that would fail, and end reads. */
    private static final long REOPEN_BYTES = 4 * BUFFER_BYTES;

    /** Opens a folder; RocksDB's own way, but for tests. */
    @FunctionalInterface
    interface Opener {
        RocksDB open(Options options, String folder) throws RocksDBException;
    }

    /** Where a document stands. */
    record Place(String group, long number) {}

    /** What is known of a group. */
    record StoredGroup(GroupStock stock, DrawOrder order, long released) {}

    private final Path folder;
    private final Opener opener;
    private final LRUCache cache = new LRUCache(CACHE_BYTES);
    private final Options options;
    private final WriteOptions writes = new WriteOptions().setSync(false);
    private Optional<RocksDB> db = Optional.empty();
    private boolean closed;

    private PoolStore(Path folder, Opener opener) {
        this.folder = folder;
        this.opener = opener;
        this.options =
                new Options()
                        .setCreateIfMissing(true)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setWriteBufferSize(BUFFER_BYTES)
                        .setMaxTotalWalSize(2 * BUFFER_BYTES)
                        .setMaxBackgroundJobs(2)
                        .setMaxOpenFiles(256)
                        .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(cache))
                        .setKeepLogFileNum(2)
                        .setMaxLogFileSize(1L << 20);
    }

    /**
     * Opens the store in a folder, which is created when absent.
     *
     * @param owner whose documents these are; another one's folder is refused
     * @throws PoolException when the folder is locked, damaged, another one's or not usable
     */
    static PoolStore open(Path folder, String owner, Opener opener) {
        RocksDB.loadLibrary();
        PoolStore store = new PoolStore(folder, opener);
        try {
            Files.createDirectories(folder);
            store.db = Optional.of(opener.open(store.options, folder.toString()));
            store.require(owner);
            return store;
        } catch (IOException e) {
            store.close();
            throw store.failure(PoolException.Kind.UNUSABLE, e);
        } catch (RocksDBException e) {
            store.close();
            throw store.failure(e);
        } catch (PoolException e) {
            store.close();
            throw e;
        }
    }

    /** Takes writes again after one that failed, if there is space. */
    void reopen() {
        try {
            if (Files.getFileStore(folder).getUsableSpace() < REOPEN_BYTES) {
                throw failure(PoolException.Kind.UNUSABLE, null);
            }
            db.ifPresent(RocksDB::close);
            db = Optional.empty();
            db = Optional.of(opener.open(options, folder.toString()));
        } catch (IOException e) {
            throw failure(PoolException.Kind.UNUSABLE, e);
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    /** All groups, by id. */
    Map<String, StoredGroup> groups() {
        Map<String, List<Stretch>> stretches = new HashMap<>();
        scan(
                PoolKeys.STRETCH,
                (key, value) ->
                        stretches
                                .computeIfAbsent(
                                        PoolKeys.groupOf(key, PoolKeys.STRETCH),
                                        group -> new ArrayList<>())
                                .add(PoolValues.stretch(PoolKeys.numberOf(key), value)));
        Map<String, GroupStock> stocks = new TreeMap<>();
        scan(
                PoolKeys.STOCK,
                (key, value) ->
                        stocks.put(PoolKeys.groupOf(key, PoolKeys.STOCK), PoolValues.stock(value)));
        Map<String, StoredGroup> groups = new TreeMap<>();
        scan(
                PoolKeys.DECIDED,
                (key, value) -> {
                    String group = PoolKeys.groupOf(key, PoolKeys.DECIDED);
                    ByteBuffer numbers = ByteBuffer.wrap(value);
                    DrawOrder order =
                            new DrawOrder(
                                    stretches.getOrDefault(group, List.of()), numbers.getLong());
                    groups.put(
                            group,
                            new StoredGroup(
                                    stocks.getOrDefault(group, GroupStock.EMPTY),
                                    order,
                                    numbers.getLong()));
                });
        stocks.forEach(
                (group, stock) ->
                        groups.putIfAbsent(group, new StoredGroup(stock, DrawOrder.empty(), 0)));
        return groups;
    }

    /** How far the topic was read. */
    TopicPositions positions() {
        Map<Integer, Long> read = new TreeMap<>();
        scan(
                PoolKeys.READ,
                (key, value) ->
                        read.put((int) PoolKeys.numberOf(key), ByteBuffer.wrap(value).getLong()));
        Map<String, Map<Integer, Long>> behind = new TreeMap<>();
        scan(
                PoolKeys.BEHIND,
                (key, value) ->
                        behind.computeIfAbsent(
                                        PoolKeys.groupOf(key, PoolKeys.BEHIND),
                                        group -> new TreeMap<>())
                                .put(
                                        (int) PoolKeys.numberOf(key),
                                        ByteBuffer.wrap(value).getLong()));
        return new TopicPositions(read, behind);
    }

    /** The record of a document; empty when it was removed or evicted, or cannot be read. */
    Optional<byte[]> document(String group, long number) {
        try {
            return Optional.ofNullable(
                    open().get(PoolKeys.number(PoolKeys.DOCUMENT, group, number)));
        } catch (RocksDBException e) {
            return Optional.empty();
        }
    }

    /** The record of a document, once a batch is written. */
    Optional<byte[]> document(String group, long number, PoolBatch batch) {
        return get(PoolKeys.number(PoolKeys.DOCUMENT, group, number), batch);
    }

    /** Number of the first document from a number on that is held. */
    OptionalLong held(String group, long number) {
        byte[] prefix = PoolKeys.group(PoolKeys.DOCUMENT, group);
        try (RocksIterator documents = open().newIterator()) {
            documents.seek(PoolKeys.number(PoolKeys.DOCUMENT, group, number));
            boolean found = documents.isValid() && PoolKeys.begins(documents.key(), prefix);
            return found
                    ? OptionalLong.of(PoolKeys.numberOf(documents.key()))
                    : OptionalLong.empty();
        }
    }

    /** Sum of the weights of a group's documents up to one and with it. */
    double weight(String group, long number) {
        return get(PoolKeys.number(PoolKeys.WEIGHT, group, number))
                .map(value -> ByteBuffer.wrap(value).getDouble())
                .orElseThrow(() -> failure(PoolException.Kind.DAMAGED, null));
    }

    /** Where the document with an identifier stands, once a batch is written. */
    Optional<Place> find(String id, PoolBatch batch) {
        return get(PoolKeys.id(id), batch)
                .map(
                        value ->
                                new Place(
                                        PoolKeys.groupOf(value, new byte[0]),
                                        PoolKeys.numberOf(value)));
    }

    /** Numbers of a group's documents that come from a source, once a batch is written. */
    List<Long> of(String group, String source, PoolBatch batch) {
        List<Long> numbers = new ArrayList<>();
        try (RocksIterator entries = batch.entries().newIteratorWithBase(open().newIterator())) {
            scan(
                    entries,
                    PoolKeys.source(group, source),
                    (key, value) -> numbers.add(PoolKeys.numberOf(key)));
        }
        return numbers;
    }

    /**
     * Writes a batch as a whole.
     *
     * @throws PoolException when it cannot be written, as on a full disk
     */
    void write(PoolBatch batch) {
        try {
            open().write(writes, batch.entries());
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            db.ifPresent(RocksDB::close);
            writes.close();
            options.close();
            cache.close();
        }
    }

    private void require(String owner) {
        byte[] expected = PoolKeys.text(owner);
        Optional<byte[]> head = get(PoolKeys.HEAD);
        if (head.isEmpty()) {
            try (PoolBatch batch = new PoolBatch()) {
                batch.put(PoolKeys.HEAD, expected);
                write(batch);
            }
        } else if (!Arrays.equals(head.get(), expected)) {
            throw failure(PoolException.Kind.FOREIGN, null);
        }
    }

    private Optional<byte[]> get(byte[] key) {
        try {
            return Optional.ofNullable(open().get(key));
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    private Optional<byte[]> get(byte[] key, PoolBatch batch) {
        try (ReadOptions reads = new ReadOptions()) {
            return Optional.ofNullable(batch.entries().getFromBatchAndDB(open(), reads, key));
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    private void scan(byte[] prefix, BiConsumer<byte[], byte[]> taker) {
        try (RocksIterator entries = open().newIterator()) {
            scan(entries, prefix, taker);
        }
    }

    private void scan(RocksIterator entries, byte[] prefix, BiConsumer<byte[], byte[]> taker) {
        try {
            entries.seek(prefix);
            while (entries.isValid() && PoolKeys.begins(entries.key(), prefix)) {
                taker.accept(entries.key(), entries.value());
                entries.next();
            }
            entries.status();
        } catch (RocksDBException e) {
            throw failure(e);
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            throw failure(PoolException.Kind.DAMAGED, e);
        }
    }

    /** A closed native handle must never be touched: that would end the process. */
    private RocksDB open() {
        if (closed) {
            throw failure(PoolException.Kind.CLOSED, null);
        }
        return db.orElseThrow(() -> failure(PoolException.Kind.UNUSABLE, null));
    }

    private PoolException failure(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("lock ") || message.contains("LOCK")) {
            return failure(PoolException.Kind.LOCKED, e);
        }
        boolean corrupt =
                e.getStatus() == null
                        || e.getStatus().getCode() == Status.Code.Corruption
                        || e.getStatus().getCode() == Status.Code.InvalidArgument
                        || message.contains("CURRENT");
        return failure(corrupt ? PoolException.Kind.DAMAGED : PoolException.Kind.UNUSABLE, e);
    }

    private PoolException failure(PoolException.Kind kind, Throwable cause) {
        return new PoolException(kind, "document pool " + folder, cause);
    }
}
