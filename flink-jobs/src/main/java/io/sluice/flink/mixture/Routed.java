package io.sluice.flink.mixture;

/** An event on its way to one shard of its run. */
public record Routed(int shard, StageEvent event) {}
