package io.sluice.ops.chaos;

import io.sluice.schemas.Decision;
import io.sluice.schemas.GroupSignal;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One attempt's signals, counted again from the topic while nothing is under way.
 *
 * @param expected what the job says it accepted
 * @param counted signals in the topic, each once, without those that are listed as turned away
 * @param late records that are listed as late
 * @param records all records of the attempt
 * @param repeated what the job says came again
 * @param turnedAway records of the attempt that are listed as turned away, for whatever reason
 */
record Recount(
        long expected, long counted, long late, long records, long repeated, long turnedAway) {

    /** Counts; empty while the job has decided nothing in the attempt. */
    static Optional<Recount> of(History history, long attempt) {
        Optional<Decision> newest = newest(history, attempt);
        if (newest.isEmpty()) {
            return Optional.empty();
        }
        Map<Place, RejectReason> rejected = rejected(history);
        Set<SignalName> counted = new HashSet<>();
        long records = 0;
        long late = 0;
        long turnedAway = 0;
        for (Entry<GroupSignal> entry : history.signals()) {
            if (entry.value().getAttempt() != attempt) {
                continue;
            }
            records++;
            RejectReason reason = rejected.get(new Place(entry.partition(), entry.offset()));
            if (reason == null) {
                counted.add(SignalName.of(entry.value()));
            } else {
                turnedAway++;
                late += reason == RejectReason.LATE ? 1 : 0;
            }
        }
        Decision decision = newest.get();
        return Optional.of(
                new Recount(
                        decision.getAccepted(),
                        counted.size(),
                        late,
                        records,
                        decision.getDuplicates(),
                        turnedAway));
    }

    /** The first record of each signal that was not turned away. */
    static Map<SignalName, GroupSignal> standing(History history) {
        Map<Place, RejectReason> rejected = rejected(history);
        Map<SignalName, GroupSignal> standing = new HashMap<>();
        for (Entry<GroupSignal> entry : history.signals()) {
            RejectReason reason = rejected.get(new Place(entry.partition(), entry.offset()));
            // A controller that begins anew lists what older attempts sent as fenced.
            if (reason == null || reason == RejectReason.FENCED) {
                standing.putIfAbsent(SignalName.of(entry.value()), entry.value());
            }
        }
        return standing;
    }

    /** The decision that the newest controller made last. */
    static Optional<Decision> newest(History history, long attempt) {
        List<Entry<Decision>> decisions = history.decisions();
        for (int i = decisions.size() - 1; i >= 0; i--) {
            if (decisions.get(i).value().getAttempt() == attempt) {
                return Optional.of(decisions.get(i).value());
            }
        }
        return Optional.empty();
    }

    /** Where a record of the telemetry topic stands. */
    record Place(int partition, long offset) {}

    /** Records of the telemetry topic that were turned away, with the reason told first. */
    static Map<Place, RejectReason> rejected(History history) {
        String telemetry = Topic.TELEMETRY.name(Topic.DEFAULT_PREFIX);
        Map<Place, RejectReason> rejected = new HashMap<>();
        for (Entry<Rejected> entry : history.rejects()) {
            Rejected reject = entry.value();
            if (reject.getTopic().equals(telemetry)) {
                rejected.putIfAbsent(
                        new Place(reject.getPartition(), reject.getOffset()), reject.getReason());
            }
        }
        return rejected;
    }
}
