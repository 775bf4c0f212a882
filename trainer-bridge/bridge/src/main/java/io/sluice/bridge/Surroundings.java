package io.sluice.bridge;

import io.sluice.core.domain.RunSpec;
import io.sluice.schemas.Topic;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/**
 * What every part of a bridge works with.
 *
 * @param options how the bridge was opened
 * @param spec the run, with its digest
 * @param log the log
 * @param store the bridge's own store
 * @param nanoTime a monotonic clock, in nanoseconds
 * @param metrics what is counted
 * @param faults where errors go
 * @param listener the caller's listener, guarded
 */
record Surroundings(
        BridgeOptions options,
        RunSpec spec,
        RecordLog log,
        BridgeStore store,
        LongSupplier nanoTime,
        BridgeMetrics metrics,
        Faults faults,
        BridgeListener listener) {

    /** The name of a topic. */
    String name(Topic topic) {
        return topic.name(options.topicPrefix());
    }

    /** Appends a record under the run's key; a call that fails is a future that failed. */
    CompletableFuture<Long> append(Topic topic, byte[] value) {
        try {
            return log.append(name(topic), spec.runId(), value);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Notes the end of something that can go wrong; null when it did not. */
    void note(Faults.Place place, Throwable failure) {
        if (failure == null) {
            faults.worked(place);
        } else {
            faults.report(place, failure);
        }
    }
}
