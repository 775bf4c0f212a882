package io.sluice.ops.chaos;

import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Contract;
import io.sluice.schemas.ContractException;
import io.sluice.schemas.ControllerClaim;
import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.MixturePlan;
import io.sluice.schemas.PlanAck;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.RoundClosed;
import io.sluice.schemas.Seal;
import io.sluice.schemas.Topic;
import java.util.ArrayList;
import java.util.List;

/** Everything that stands in the topics, from their beginnings, in the order of each partition. */
final class History {

    private final Contract contract = new Contract();
    private final List<Entry<AttemptStarted>> attempts = new ArrayList<>();
    private final List<Entry<GroupSignal>> signals = new ArrayList<>();
    private final List<Entry<RoundClosed>> closed = new ArrayList<>();
    private final List<Entry<MixturePlan>> plans = new ArrayList<>();
    private final List<Entry<Decision>> decisions = new ArrayList<>();
    private final List<Entry<PlanAck>> acks = new ArrayList<>();
    private final List<Entry<Seal>> seals = new ArrayList<>();
    private final List<Entry<ControllerClaim>> claims = new ArrayList<>();
    private final List<Entry<Rejected>> rejects = new ArrayList<>();
    private final List<Entry<byte[]>> unreadable = new ArrayList<>();

    /** Takes a record as it stands in a topic. */
    void add(Topic topic, int partition, long offset, long timestampMillis, byte[] bytes) {
        Object value;
        try {
            value = contract.decode(bytes);
        } catch (ContractException e) {
            value = bytes;
        }
        switch (topic) {
            case RUNS ->
                    take(attempts, AttemptStarted.class, partition, offset, timestampMillis, value);
            case TELEMETRY -> {
                if (value instanceof byte[]) {
                    take(unreadable, byte[].class, partition, offset, timestampMillis, value);
                }
                take(signals, GroupSignal.class, partition, offset, timestampMillis, value);
                take(closed, RoundClosed.class, partition, offset, timestampMillis, value);
            }
            case PLANS -> take(plans, MixturePlan.class, partition, offset, timestampMillis, value);
            case DECISIONS ->
                    take(decisions, Decision.class, partition, offset, timestampMillis, value);
            case CLAIMS ->
                    take(claims, ControllerClaim.class, partition, offset, timestampMillis, value);
            case ACKS -> take(acks, PlanAck.class, partition, offset, timestampMillis, value);
            case SEALS -> take(seals, Seal.class, partition, offset, timestampMillis, value);
            case REJECTS ->
                    take(rejects, Rejected.class, partition, offset, timestampMillis, value);
        }
    }

    List<Entry<AttemptStarted>> attempts() {
        return attempts;
    }

    List<Entry<GroupSignal>> signals() {
        return signals;
    }

    List<Entry<RoundClosed>> closed() {
        return closed;
    }

    List<Entry<MixturePlan>> plans() {
        return plans;
    }

    List<Entry<Decision>> decisions() {
        return decisions;
    }

    List<Entry<PlanAck>> acks() {
        return acks;
    }

    List<Entry<Seal>> seals() {
        return seals;
    }

    List<Entry<Rejected>> rejects() {
        return rejects;
    }

    /** One record for each start of a controller. */
    List<Entry<ControllerClaim>> claims() {
        return claims;
    }

    /** What stands in the telemetry topic and is no record of the contract. */
    List<Entry<byte[]>> unreadable() {
        return unreadable;
    }

    private static <T> void take(
            List<Entry<T>> into,
            Class<T> type,
            int partition,
            long offset,
            long timestampMillis,
            Object value) {
        if (type.isInstance(value)) {
            into.add(new Entry<>(partition, offset, timestampMillis, type.cast(value)));
        }
    }
}
