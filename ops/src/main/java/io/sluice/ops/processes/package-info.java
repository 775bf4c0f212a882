/** Kafka, ZooKeeper, Flink and bridges as processes of their own on this machine. */
package io.sluice.ops.processes;
