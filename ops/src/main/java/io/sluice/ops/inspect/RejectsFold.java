package io.sluice.ops.inspect;

import io.sluice.ops.inspect.RejectsView.Reject;
import io.sluice.schemas.Decision;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Keeps the newest rejects that match what was asked for, and how many signals were repeated. */
final class RejectsFold {

    private static final Comparator<Reject> BY_TIME =
            Comparator.comparing(Reject::time)
                    .thenComparingInt(Reject::rejectPartition)
                    .thenComparingLong(Reject::rejectOffset);

    private final Optional<RejectReason> reason;
    private final int last;
    private final TreeSet<Reject> newest = new TreeSet<>(BY_TIME);
    private final Map<String, Long> repeated = new TreeMap<>();
    private long matching;

    /**
     * @param reason the reason that is asked for; empty for all
     * @param last how many are wanted, at least 1
     */
    RejectsFold(Optional<RejectReason> reason, int last) {
        this.reason = reason;
        this.last = last;
    }

    void add(Entry entry) {
        if (entry.value() instanceof Decision decision) {
            long duplicates = SignalTotals.of(decision).map(SignalTotals::duplicates).orElse(0L);
            if (duplicates > 0) {
                repeated.put(entry.key(), duplicates);
            } else {
                repeated.remove(entry.key());
            }
        } else if (entry.value() instanceof Rejected rejected
                && reason.filter(wanted -> wanted != rejected.getReason()).isEmpty()) {
            add(entry, rejected);
        }
    }

    private void add(Entry entry, Rejected rejected) {
        matching++;
        newest.add(
                new Reject(
                        entry.time(),
                        entry.key(),
                        rejected.getTopic(),
                        rejected.getPartition(),
                        rejected.getOffset(),
                        rejected.getReason(),
                        rejected.getMessage(),
                        rejected.getOriginal().remaining(),
                        entry.partition(),
                        entry.offset(),
                        "./sluice decode %s --partition %d --offset %d --count 1"
                                .formatted(
                                        rejected.getTopic(),
                                        rejected.getPartition(),
                                        rejected.getOffset())));
        if (newest.size() > last) {
            newest.pollFirst();
        }
    }

    RejectsView view(long skipped) {
        return new RejectsView(
                matching,
                List.copyOf(newest),
                Collections.unmodifiableMap(new TreeMap<>(repeated)),
                skipped);
    }
}
