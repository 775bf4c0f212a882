package io.sluice.flink.mixture.intake;

import io.sluice.state.flink.LayoutType;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;

/** The records of each run that wait for the attempt they name, in the order in which they came. */
final class HeldRecords {

    /** Most records of a run that wait. */
    static final int MOST = 4096;

    /** Most bytes of a run that wait: they are read back in one piece. */
    static final long MOST_BYTES = 64L << 20;

    private final long holdMillis;
    private final ListState<HeldRecord> held;
    private final ValueState<Integer> count;
    private final ValueState<Long> bytes;

    /**
     * @param holdTime how long a record waits at least
     */
    HeldRecords(RuntimeContext context, Duration holdTime) {
        this.holdMillis = holdTime.toMillis();
        this.held =
                context.getListState(
                        new ListStateDescriptor<>(
                                "held", LayoutType.of(HeldRecordLayout.INSTANCE)));
        this.count = context.getState(new ValueStateDescriptor<>("held-count", Types.INT));
        this.bytes = context.getState(new ValueStateDescriptor<>("held-bytes", Types.LONG));
    }

    /**
     * Until when a record that comes now may wait: the hold time, and up to an eighth more, so that
     * a run needs a handful of timers and not one per record.
     */
    long deadline(long nowMillis) {
        long grain = Math.max(1, holdMillis / 8);
        return (nowMillis + grain - 1) / grain * grain + holdMillis;
    }

    /** Lets a record wait; answers whether there was room for it. */
    boolean add(HeldRecord record, TimerService timers) throws Exception {
        int waiting = count();
        long size = Objects.requireNonNullElse(bytes.value(), 0L) + record.raw().value().length;
        if (waiting >= MOST || size > MOST_BYTES) {
            return false;
        }
        timers.registerProcessingTimeTimer(record.untilMillis());
        held.add(record);
        count.update(waiting + 1);
        bytes.update(size);
        return true;
    }

    /** How many wait. */
    int count() throws IOException {
        return Objects.requireNonNullElse(count.value(), 0);
    }

    /** Takes out all that wait. */
    List<HeldRecord> takeAll() throws Exception {
        List<HeldRecord> waiting = new ArrayList<>();
        held.get().forEach(waiting::add);
        held.clear();
        count.clear();
        bytes.clear();
        return waiting;
    }

    /** Takes out those whose time is up. */
    List<HeldRecord> takeExpired(long nowMillis) throws Exception {
        List<HeldRecord> expired = new ArrayList<>();
        List<HeldRecord> waiting = new ArrayList<>();
        for (HeldRecord record : takeAll()) {
            (record.untilMillis() <= nowMillis ? expired : waiting).add(record);
        }
        if (!waiting.isEmpty()) {
            held.addAll(waiting);
            count.update(waiting.size());
            bytes.update(waiting.stream().mapToLong(record -> record.raw().value().length).sum());
        }
        return expired;
    }
}
