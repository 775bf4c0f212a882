package io.sluice.bridge.pool;

/**
 * A record of the topic of documents.
 *
 * @param partition its partition
 * @param offset its offset
 * @param value its bytes
 */
public record PoolRecord(int partition, long offset, byte[] value) {}
