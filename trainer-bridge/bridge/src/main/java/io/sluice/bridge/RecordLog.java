package io.sluice.bridge;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The log as a bridge needs it. Calls may wait for a network and are made by the bridge's own
 * threads only. What goes wrong is thrown as an unchecked exception.
 */
interface RecordLog {

    /** Those of {@code topics} that do not exist. */
    Set<String> missing(Collection<String> topics);

    /**
     * Appends a record. Records of one key keep their order.
     *
     * @return the record's offset once the log has it; fails within the delivery timeout otherwise
     */
    CompletableFuture<Long> append(String topic, String key, byte[] value);

    /** Where the next record of each partition of a topic will stand. */
    Map<Integer, Long> ends(String topic);

    /** Reads a topic from a position in each partition. For one thread. */
    LogReader read(String topic, Map<Integer, Long> positions);

    /** Sends what is on its way, and ends. Safe to call twice. */
    void close(Duration timeout);
}
