package io.sluice.ops.inspect;

import io.sluice.schemas.Topic;
import java.time.Instant;
import org.apache.avro.specific.SpecificRecord;

/**
 * A record of the contract, with the place where it stands.
 *
 * @param topic its topic
 * @param partition its partition
 * @param offset its offset
 * @param time when its producer made it
 * @param key its key; empty when it has none
 * @param value the record
 */
record Entry(
        Topic topic, int partition, long offset, Instant time, String key, SpecificRecord value) {}
