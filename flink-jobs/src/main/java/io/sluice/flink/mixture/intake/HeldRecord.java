package io.sluice.flink.mixture.intake;

import io.sluice.flink.kafka.RawRecord;

/**
 * A record that waits for the attempt it names.
 *
 * @param raw the record
 * @param untilMillis processing time at which the wait is over, in milliseconds since 1970
 */
record HeldRecord(RawRecord raw, long untilMillis) {}
