package io.sluice.flink.kafka;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stage's own view of a topic: reads it at the start, whole where it is small and kept for
 * ever, and what is new from time to time. Nothing of it is stored, for the topic is the truth.
 */
public final class TopicFollower implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicFollower.class);
    private static final long INTERVAL_MILLIS = 1_000;

    private final TopicLog.Reader reader;
    private final Consumer<RawRecord> view;

    private Map<Integer, Long> positions = Map.of();
    private long readAtMillis;

    /**
     * Reads the topic to its present end.
     *
     * @param view is handed every record, in the order of its partition
     */
    public TopicFollower(TopicLog log, Consumer<RawRecord> view, long nowMillis) {
        this(Long.MAX_VALUE, log, view, nowMillis);
    }

    private TopicFollower(long most, TopicLog log, Consumer<RawRecord> view, long nowMillis) {
        this.reader = log.open();
        this.view = view;
        try {
            if (most < Long.MAX_VALUE) {
                positions = new TreeMap<>(reader.ends());
                positions.replaceAll((partition, end) -> Math.max(0, end - most));
            }
            read(nowMillis);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /**
     * As the constructor, for a topic of which only the newest records count.
     *
     * @param most how many records of each partition are read at the start, counted from its end
     */
    public static TopicFollower ofLatest(
            long most, TopicLog log, Consumer<RawRecord> view, long nowMillis) {
        return new TopicFollower(most, log, view, nowMillis);
    }

    /** Reads what is new, once a second at most. */
    public void refresh(long nowMillis) {
        if (nowMillis - readAtMillis >= INTERVAL_MILLIS || nowMillis < readAtMillis) {
            refreshNow(nowMillis);
        }
    }

    /** Reads all that had been written before this call; without brokers, the view stays. */
    public void refreshNow(long nowMillis) {
        try {
            read(nowMillis);
        } catch (KafkaException e) {
            readAtMillis = nowMillis;
            LOG.warn("cannot read a topic that a stage follows: it goes on with what it knows", e);
        }
    }

    private void read(long nowMillis) {
        Map<Integer, Long> ends = reader.ends();
        reader.read(positions, ends, view);
        positions = ends;
        readAtMillis = nowMillis;
    }

    @Override
    public void close() {
        reader.close();
    }
}
