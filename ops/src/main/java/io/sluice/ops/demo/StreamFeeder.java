package io.sluice.ops.demo;

import io.sluice.ops.candidates.CatalogLog;
import io.sluice.schemas.CandidateDocument;
import io.sluice.schemas.CatalogGroup;
import io.sluice.schemas.CatalogGroupState;
import io.sluice.schemas.Topic;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Offers what the script says, as far as the trainer has come, on a thread of its own. */
final class StreamFeeder implements AutoCloseable {

    private static final long CLOSE_MILLIS = 5_000;

    private final CatalogLog log;
    private final String catalog;
    private final StreamScript script;
    private final StreamBooks books;
    private final Thread thread = new Thread(this::run, "sluice-feeder");
    private long reached;
    private boolean closed;
    private Optional<RuntimeException> failure = Optional.empty();

    /** Begins with what is there at step 0. */
    StreamFeeder(CatalogLog log, String catalog, StreamScript script, StreamBooks books) {
        this.log = log;
        this.catalog = catalog;
        this.script = script;
        this.books = books;
        thread.setDaemon(true);
        thread.start();
    }

    /** Announces a group. */
    static void announce(CatalogLog log, String catalog, String group) {
        log.send(
                Topic.CATALOGS,
                catalog,
                new CatalogGroup(
                        catalog, group, CatalogGroupState.ACTIVE, 0, "demo", "its text arrives"));
        log.flush();
    }

    /**
     * Says that a step is under way.
     *
     * @throws RuntimeException when the broker did not take what was offered
     */
    synchronized void reached(long step) {
        failure.ifPresent(
                e -> {
                    throw e;
                });
        reached = step;
        notifyAll();
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.join(CLOSE_MILLIS);
    }

    private void run() {
        try {
            List<StreamItem> items = script.items();
            int next = 0;
            while (next < items.size()) {
                long step = await(items.get(next).step());
                if (step < 0) {
                    return;
                }
                while (next < items.size() && items.get(next).step() <= step) {
                    offer(items.get(next++), step);
                }
                log.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            synchronized (this) {
                failure = Optional.of(e);
            }
        }
    }

    /** Waits until the trainer has come so far; tells how far it is, or -1 when it is over. */
    private synchronized long await(long step) throws InterruptedException {
        while (!closed && reached < step) {
            wait();
        }
        return closed ? -1 : reached;
    }

    private void offer(StreamItem item, long step) {
        if (item.group().equals(script.lateGroup())
                && item.number() == 0
                && item.kind() == StreamItem.Kind.TEXT) {
            announce(log, catalog, item.group());
            books.announced(step);
        }
        log.send(
                Topic.CANDIDATES,
                item.id(),
                new CandidateDocument(
                        item.id(),
                        catalog,
                        "feeder",
                        item.group(),
                        ByteBuffer.wrap(item.text()),
                        "",
                        // The demo's trainer makes a token of each byte.
                        (long) item.text().length,
                        "",
                        Map.of(),
                        List.of()));
        books.offered(item.kind());
    }
}
