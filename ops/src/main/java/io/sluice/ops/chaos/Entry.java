package io.sluice.ops.chaos;

/**
 * A record of the contract with where it stands.
 *
 * @param partition its partition
 * @param offset its offset
 * @param timestampMillis when it was sent
 * @param value what it says
 */
record Entry<T>(int partition, long offset, long timestampMillis, T value) {}
