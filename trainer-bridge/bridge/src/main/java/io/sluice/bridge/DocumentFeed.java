package io.sluice.bridge;

import io.sluice.bridge.LogReader.LogRecord;
import io.sluice.bridge.pool.DocumentPool;
import io.sluice.bridge.pool.PoolException;
import io.sluice.bridge.pool.PoolRecord;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/**
 * Fills the document pool from the log, on a thread of its own. No error ends it: it goes on where
 * the pool stands, after a wait.
 */
final class DocumentFeed implements Runnable, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    /** What a thread gets to end once it was told to. */
    private static final long GRACE_NANOS = 1_000_000_000;

    /** Records that are stored in one write. */
    private static final int WRITE_RECORDS = 64;

    private final RecordLog log;
    private final String topic;
    private final DocumentPool pool;
    private final Faults faults;
    private final BridgeMetrics metrics;
    private final CountDownLatch end = new CountDownLatch(1);
    private final BackOff backOff = new BackOff(end);
    private final Worker worker;

    private DocumentFeed(Surroundings around, DocumentPool pool) {
        this.log = around.log();
        this.topic = around.name(Topic.DOCUMENTS);
        this.pool = pool;
        this.faults = around.faults();
        this.metrics = around.metrics();
        this.worker = Worker.start("sluice-documents-" + around.spec().runId(), this);
    }

    /** Begins to fill a pool. */
    static DocumentFeed start(Surroundings around, DocumentPool pool) {
        return new DocumentFeed(around, pool);
    }

    @Override
    public void run() {
        try {
            do {
                try {
                    pool.repair();
                    follow(log.ends(topic).keySet());
                } catch (PoolException e) {
                    report(Faults.Place.POOL, e);
                } catch (Exception | Error e) {
                    report(Faults.Place.DOCUMENTS, e);
                }
            } while (backOff.pause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the reading; the pool stays open. */
    @Override
    public void close() {
        end.countDown();
        worker.await(System.nanoTime() + GRACE_NANOS);
        worker.interrupt();
        worker.await(System.nanoTime() + GRACE_NANOS);
    }

    private void follow(Set<Integer> partitions) {
        while (end.getCount() > 0) {
            Map<Integer, Long> from = pool.begin(partitions);
            try (LogReader reader = log.read(topic, from)) {
                do {
                    take(reader.poll(POLL));
                    faults.worked(Faults.Place.DOCUMENTS);
                    backOff.reset();
                } while (end.getCount() > 0 && !pool.wantsEarlier());
            }
        }
    }

    private void take(List<LogRecord> records) {
        for (int i = 0; i < records.size(); i += WRITE_RECORDS) {
            pool.take(
                    records.subList(i, Math.min(records.size(), i + WRITE_RECORDS)).stream()
                            .map(
                                    record ->
                                            new PoolRecord(
                                                    record.partition(),
                                                    record.offset(),
                                                    record.value()))
                            .toList());
        }
        if (!records.isEmpty()) {
            faults.worked(Faults.Place.POOL);
            metrics.pool(pool.status());
        }
    }

    private void report(Faults.Place place, Throwable fault) {
        if (end.getCount() > 0) {
            faults.report(place, fault);
        }
    }
}
