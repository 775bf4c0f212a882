package io.sluice.ops.inspect;

import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * Folds the records of all runs into a {@link StatusView}. A run exists when a record says so that
 * was not turned away; rejected records, whose keys may be anything, make none.
 */
final class StatusFold {

    /** More runs than one job is made for. */
    private static final int MOST_RUNS = 10_000;

    private final Map<String, RunFold> runs = new TreeMap<>();
    private final Map<RejectReason, Long> otherRejects = new EnumMap<>(RejectReason.class);
    private long leftOut;

    void add(Entry entry) {
        if (entry.value() instanceof Rejected rejected) {
            rejected(entry, rejected);
            return;
        }
        Schema.Field run = entry.value().getSchema().getField("runId");
        if (run == null) {
            return;
        }
        String name = String.valueOf(entry.value().get(run.pos()));
        if (runs.size() < MOST_RUNS || runs.containsKey(name)) {
            runs.computeIfAbsent(name, RunFold::new).add(entry);
        } else {
            leftOut++;
        }
    }

    StatusView view(Instant now, long skipped) {
        return new StatusView(
                now,
                runs.values().stream().map(RunFold::view).toList(),
                Collections.unmodifiableMap(new EnumMap<>(otherRejects)),
                leftOut,
                skipped);
    }

    private void rejected(Entry entry, Rejected rejected) {
        RunFold run = runs.get(entry.key());
        if (run == null) {
            otherRejects.merge(rejected.getReason(), 1L, Long::sum);
        } else {
            run.rejected(rejected.getReason(), entry.time());
        }
    }
}
