package io.sluice.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schemas.Contract;
import io.sluice.schemas.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.apache.avro.specific.SpecificRecord;

/** A log in memory, with one partition a topic, that can hang, refuse and break. */
public final class TestingLog implements RecordLog {

    private static final long PATIENCE_MILLIS = 30_000;

    private final Contract contract = new Contract();
    private final Map<String, List<LogReader.LogRecord>> topics = new HashMap<>();
    private final Set<String> missing = new HashSet<>();
    private Predicate<SpecificRecord> refused = value -> false;
    private final Set<String> stuck = new HashSet<>();
    private boolean hanging;
    private String brokenTopic = "";
    private int brokenReads;

    /** Makes every call wait, or lets them all go. */
    public synchronized void hang(boolean value) {
        hanging = value;
        notifyAll();
    }

    synchronized void lack(Topic topic) {
        missing.add(name(topic));
    }

    /** Fails the appends of such records from now on. */
    public synchronized void refuse(Predicate<SpecificRecord> which) {
        refused = which;
    }

    /** Makes the next reads of a topic fail. */
    synchronized void breakReads(Topic topic, int count) {
        brokenTopic = name(topic);
        brokenReads = count;
        notifyAll();
    }

    public synchronized void put(Topic topic, String key, byte[] value) {
        List<LogReader.LogRecord> records = records(name(topic));
        records.add(new LogReader.LogRecord(0, records.size(), key, value));
        notifyAll();
    }

    public void put(Topic topic, SpecificRecord value) {
        put(topic, TestingRuns.RUN, contract.encode(value));
    }

    /** Waits until the log keeps an append to a topic waiting. */
    public synchronized void awaitStuck(Topic topic) {
        while (!stuck.contains(name(topic))) {
            pause(PATIENCE_MILLIS);
        }
    }

    /** All records of one type on a topic, once there are at least so many. */
    public synchronized <T extends SpecificRecord> List<T> await(
            Topic topic, Class<T> type, int count) {
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000;
        List<T> found = all(topic, type);
        while (found.size() < count) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            assertThat(left).as("patience for %s %s", count, type.getSimpleName()).isPositive();
            pause(left);
            found = all(topic, type);
        }
        return found;
    }

    public synchronized <T extends SpecificRecord> List<T> all(Topic topic, Class<T> type) {
        List<T> found = new ArrayList<>();
        for (LogReader.LogRecord record : records(name(topic))) {
            SpecificRecord value = contract.decode(record.value());
            if (type.isInstance(value)) {
                found.add(type.cast(value));
            }
        }
        return found;
    }

    @Override
    public synchronized Set<String> missing(Collection<String> wanted) {
        awaitAnswer();
        Set<String> absent = new HashSet<>(wanted);
        absent.retainAll(missing);
        return absent;
    }

    @Override
    public synchronized CompletableFuture<Long> append(String topic, String key, byte[] value) {
        if (hanging) {
            stuck.add(topic);
            notifyAll();
        }
        awaitAnswer();
        if (refused.test(contract.decode(value))) {
            return CompletableFuture.failedFuture(new IllegalStateException("refused"));
        }
        List<LogReader.LogRecord> records = records(topic);
        long offset = records.size();
        records.add(new LogReader.LogRecord(0, offset, key, value));
        notifyAll();
        return CompletableFuture.completedFuture(offset);
    }

    @Override
    public synchronized Map<Integer, Long> ends(String topic) {
        awaitAnswer();
        return Map.of(0, (long) records(topic).size());
    }

    @Override
    public LogReader read(String topic, Map<Integer, Long> positions) {
        return new Reader(topic, positions.get(0));
    }

    @Override
    public synchronized void close(Duration timeout) {
        notifyAll();
    }

    private List<LogReader.LogRecord> records(String topic) {
        return topics.computeIfAbsent(topic, name -> new ArrayList<>());
    }

    private void awaitAnswer() {
        while (hanging) {
            pause(0);
        }
    }

    private void pause(long millis) {
        try {
            wait(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static String name(Topic topic) {
        return topic.name(Topic.DEFAULT_PREFIX);
    }

    private final class Reader implements LogReader {

        private final String topic;
        private long position;

        Reader(String topic, long position) {
            this.topic = topic;
            this.position = position;
        }

        @Override
        public List<LogRecord> poll(Duration timeout) {
            synchronized (TestingLog.this) {
                awaitAnswer();
                if (!isBroken() && records(topic).size() <= position) {
                    pause(timeout.toMillis());
                }
                if (isBroken()) {
                    brokenReads--;
                    throw new IllegalStateException("broken");
                }
                List<LogRecord> all = records(topic);
                List<LogRecord> next = List.copyOf(all.subList((int) position, all.size()));
                position += next.size();
                return next;
            }
        }

        private boolean isBroken() {
            return brokenReads > 0 && topic.equals(brokenTopic);
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
