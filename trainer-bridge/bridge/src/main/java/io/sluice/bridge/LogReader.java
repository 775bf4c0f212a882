package io.sluice.bridge;

import java.time.Duration;
import java.util.List;

/** Reads one topic in order. */
interface LogReader extends AutoCloseable {

    /**
     * A record as it stands in the log.
     *
     * @param partition its partition
     * @param offset its offset
     * @param key its key; empty when it has none
     * @param value its bytes; none when it has none
     */
    record LogRecord(int partition, long offset, String key, byte[] value) {}

    /** The next records; none when none came in time. */
    List<LogRecord> poll(Duration timeout);

    @Override
    void close();
}
