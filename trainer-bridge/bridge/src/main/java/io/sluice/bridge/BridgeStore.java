package io.sluice.bridge;

import io.sluice.core.sequence.SealedPlan;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.Seal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a bridge must not forget when its process dies, in a RocksDB folder: the highest epoch of a
 * run, and what was sealed last. Each key is overwritten, so the folder does not grow with a run.
 *
 * <p>A write has reached the operating system when it returns; it is not forced to the disk. That
 * outlives the process, not the machine: after that, the trainer's own checkpoint counts, which
 * carries the same facts.
 *
 * <p>After a write that failed, as on a full disk, RocksDB refuses every further one. The folder is
 * then opened anew on a thread of its own, every {@value #REPAIR_SECONDS} s until that works; what
 * is asked meanwhile fails at once.
 *
 * <p>Keys are {@code v1/<what>/<run>}; values are records of the contract, the epoch eight bytes,
 * big-endian. Thread-safe.
 */
final class BridgeStore implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BridgeStore.class);

    private static final String EPOCH = "v1/epoch/";
    private static final String PLAN = "v1/plan/";
    private static final String SEAL = "v1/seal/";
    private static final long BUFFER_BYTES = 4L << 20;
    private static final int REPAIR_SECONDS = 5;

    /** Opens a folder; RocksDB's own way, but for tests. */
    @FunctionalInterface
    interface Opener {
        RocksDB open(Options options, String folder) throws RocksDBException;
    }

    private final Path folder;
    private final Options options;
    private final WriteOptions writes;
    private final Opener opener;
    private Optional<RocksDB> db;
    private String storedPlan = "";
    private long repairedNanos;
    private boolean repairing;
    private boolean closed;

    private BridgeStore(
            Path folder, Options options, WriteOptions writes, Opener opener, RocksDB db) {
        this.folder = folder;
        this.options = options;
        this.writes = writes;
        this.opener = opener;
        this.db = Optional.of(db);
        this.repairedNanos = System.nanoTime() - TimeUnit.SECONDS.toNanos(REPAIR_SECONDS);
    }

    /**
     * Opens the store in a folder, which is created when absent.
     *
     * @throws StoreException when the folder is locked, damaged or not usable
     */
    static BridgeStore open(Path folder) {
        return open(folder, RocksDB::open);
    }

    static BridgeStore open(Path folder, Opener opener) {
        RocksDB.loadLibrary();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new StoreException(StoreException.Kind.UNUSABLE, folder, e);
        }
        Options options =
                new Options()
                        .setCreateIfMissing(true)
                        .setCompressionType(CompressionType.NO_COMPRESSION)
                        .setWriteBufferSize(BUFFER_BYTES)
                        .setMaxTotalWalSize(2 * BUFFER_BYTES)
                        .setMaxBackgroundJobs(2)
                        .setMaxOpenFiles(64)
                        .setKeepLogFileNum(2)
                        .setMaxLogFileSize(1L << 20);
        try {
            return new BridgeStore(
                    folder,
                    options,
                    new WriteOptions().setSync(false),
                    opener,
                    opener.open(options, folder.toString()));
        } catch (RocksDBException e) {
            options.close();
            throw failure(folder, e);
        }
    }

    /** Highest epoch that a run's plans have shown; -1 when none has. */
    synchronized long highestEpoch(String runId) {
        byte[] value = get(EPOCH + runId);
        if (value == null) {
            return -1;
        }
        if (value.length != Long.BYTES) {
            throw new StoreException(StoreException.Kind.DAMAGED, folder, null);
        }
        return ByteBuffer.wrap(value).getLong();
    }

    /** Stores the highest epoch. */
    synchronized void putHighestEpoch(String runId, long epoch) {
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(key(EPOCH + runId), ByteBuffer.allocate(Long.BYTES).putLong(epoch).array());
            write(batch);
        } catch (RocksDBException e) {
            throw failure(folder, e);
        }
    }

    /**
     * Stores what was sealed, in one write.
     *
     * @param attempt the attempt; -1 while the log has not numbered it
     * @param sealed the plan of the last sealed step
     */
    synchronized void putSealed(long attempt, SealedPlan sealed, long throughStep) {
        Seal seal =
                Seal.newBuilder()
                        .setRunId(sealed.plan().runId())
                        .setAttempt(attempt)
                        .setSpecDigest(sealed.plan().specDigest())
                        .setFromStep(sealed.firstStep())
                        .setThroughStep(throughStep)
                        .setVersion(sealed.plan().version())
                        .setDigest(sealed.plan().digest())
                        .setWeights(List.of())
                        .build();
        String runId = sealed.plan().runId();
        boolean newPlan = !storedPlan.equals(sealed.plan().digest());
        try (WriteBatch batch = new WriteBatch()) {
            batch.put(key(SEAL + runId), Records.encode(seal));
            if (newPlan) {
                batch.put(key(PLAN + runId), Records.encode(Records.plan(sealed.plan())));
            }
            write(batch);
            storedPlan = sealed.plan().digest();
        } catch (RocksDBException e) {
            throw failure(folder, e);
        }
    }

    /** What was sealed last, as a trainer's checkpoint would state it. */
    synchronized Optional<TrainerCheckpoint> lastSealed(String runId) {
        byte[] sealBytes = get(SEAL + runId);
        byte[] planBytes = get(PLAN + runId);
        if (sealBytes == null || planBytes == null) {
            return Optional.empty();
        }
        try {
            Seal seal = (Seal) Records.decode(sealBytes);
            MixturePlan plan = (MixturePlan) Records.decode(planBytes);
            return Optional.of(
                    new TrainerCheckpoint(
                            runId,
                            seal.getThroughStep() + 1,
                            Records.plan(plan),
                            seal.getFromStep()));
        } catch (ContractException | ClassCastException | IllegalArgumentException e) {
            throw new StoreException(StoreException.Kind.DAMAGED, folder, e);
        }
    }

    /** Closes the native handles, in order. Safe to call twice. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            if (!repairing) {
                closeHandles();
            }
        }
    }

    private void closeHandles() {
        db.ifPresent(RocksDB::close);
        writes.close();
        options.close();
    }

    private byte[] get(String key) {
        try {
            return open().get(key(key));
        } catch (RocksDBException e) {
            throw failure(folder, e);
        }
    }

    private void write(WriteBatch batch) throws RocksDBException {
        RocksDB open = open();
        try {
            open.write(writes, batch);
        } catch (RocksDBException e) {
            repairSoon();
            throw e;
        }
    }

    /** A closed native handle must never be touched: that would end the process. */
    private RocksDB open() {
        if (closed) {
            throw new StoreException(StoreException.Kind.CLOSED, folder, null);
        }
        if (db.isEmpty()) {
            repairSoon();
            throw new StoreException(StoreException.Kind.UNUSABLE, folder, null);
        }
        return db.get();
    }

    private void repairSoon() {
        long due = repairedNanos + TimeUnit.SECONDS.toNanos(REPAIR_SECONDS);
        if (!repairing && System.nanoTime() - due >= 0) {
            repairing = true;
            Optional<RocksDB> broken = db;
            db = Optional.empty();
            Thread thread = new Thread(() -> repair(broken), "sluice-store-repair");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Opens the folder without holding the lock, for a trainer may be asking. */
    private void repair(Optional<RocksDB> broken) {
        Optional<RocksDB> opened = Optional.empty();
        try {
            broken.ifPresent(RocksDB::close);
            opened = Optional.of(opener.open(options, folder.toString()));
        } catch (RocksDBException | RuntimeException | Error e) {
            LOG.warn("{} still cannot be opened: {}", folder, e.toString());
        }
        synchronized (this) {
            repairing = false;
            repairedNanos = System.nanoTime();
            db = opened;
            storedPlan = "";
            if (closed) {
                closeHandles();
            }
        }
    }

    private static byte[] key(String key) {
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private static StoreException failure(Path folder, RocksDBException e) {
        return new StoreException(kind(e), folder, e);
    }

    private static StoreException.Kind kind(RocksDBException e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("lock ") || message.contains("LOCK")) {
            return StoreException.Kind.LOCKED;
        }
        boolean corrupt =
                e.getStatus() == null
                        || e.getStatus().getCode() == Status.Code.Corruption
                        || e.getStatus().getCode() == Status.Code.InvalidArgument
                        || message.contains("CURRENT");
        return corrupt ? StoreException.Kind.DAMAGED : StoreException.Kind.UNUSABLE;
    }
}
