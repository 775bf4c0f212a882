package io.sluice.ops.inspect;

import io.sluice.schemas.RejectReason;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The newest records that were turned away.
 *
 * @param matching how many of the records that were read match what was asked for
 * @param rejects the newest of them, the oldest first
 * @param repeated signals that came more than once, by run, as the run's newest decision counts
 *     them; they change nothing and are not turned away one by one. Only runs that have such
 * @param skipped records that are not what the contract says
 */
public record RejectsView(
        long matching, List<Reject> rejects, Map<String, Long> repeated, long skipped) {

    /**
     * A record that was turned away.
     *
     * @param time when it was turned away
     * @param run its key
     * @param topic topic it stands on
     * @param partition its partition there
     * @param offset its offset there
     * @param reason why
     * @param message the same in a sentence
     * @param originalBytes how many of its bytes the reject carries
     * @param rejectPartition partition of the reject on the topic of rejects
     * @param rejectOffset its offset there
     * @param see the command that shows the original
     */
    public record Reject(
            Instant time,
            String run,
            String topic,
            int partition,
            long offset,
            RejectReason reason,
            String message,
            int originalBytes,
            int rejectPartition,
            long rejectOffset,
            String see) {}
}
