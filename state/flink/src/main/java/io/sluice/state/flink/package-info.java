/**
 * How Sluice's types live in Flink: one versioned layout per type, and the settings of the RocksDB
 * backend.
 */
package io.sluice.state.flink;
