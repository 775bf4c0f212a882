package io.sluice.ops.inspect;

import java.time.Instant;

/**
 * A record as it stands in the log, undecoded.
 *
 * @param topic name of its topic
 * @param partition its partition
 * @param offset its offset
 * @param time when its producer made it
 * @param key its key as text; empty when it has none
 * @param value its bytes
 */
record LogRecord(
        String topic, int partition, long offset, Instant time, String key, byte[] value) {}
