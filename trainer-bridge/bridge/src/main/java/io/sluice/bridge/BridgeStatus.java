package io.sluice.bridge;

import io.sluice.core.domain.Plan;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a bridge knows of itself, at one moment.
 *
 * @param attempt number of the attempt under way; empty until the log has given it
 * @param state how it stands to the log
 * @param inForce the plan last accepted; the prior when no attempt has started
 * @param sealedThrough last sealed step; empty when none is
 * @param lastRound the round whose end was handed to the log last
 * @param acknowledged signals that the log has
 * @param dropped signals that were measured and lost
 * @param queuedRounds ended rounds that wait to be sent
 * @param faults how often something went wrong, by place; places without faults are missing
 * @param storeWorks whether the bridge's own store can be read, and took what was last written
 */
public record BridgeStatus(
        OptionalLong attempt,
        LogState state,
        Plan inForce,
        OptionalLong sealedThrough,
        OptionalLong lastRound,
        long acknowledged,
        long dropped,
        int queuedRounds,
        Map<String, Long> faults,
        boolean storeWorks) {

    public BridgeStatus {
        faults = Map.copyOf(faults);
    }
}
