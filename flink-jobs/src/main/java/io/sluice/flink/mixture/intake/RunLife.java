package io.sluice.flink.mixture.intake;

import io.sluice.flink.mixture.RecentlyUsed;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;

/**
 * When each run is to be forgotten: a while after its end was announced, because its last signals
 * stand on another topic and may be read later; or after a long time in which nothing of it came,
 * in case nobody announces an end. Of a run that has ended a mark stays for some days, so that what
 * still comes of it is turned away for the true reason.
 */
final class RunLife {

    /** As long as signals are kept in their topic. */
    static final Duration MARK_TIME = Duration.ofDays(7);

    private static final int CACHED_RUNS = 1024;

    private final long idleMillis;
    private final ValueState<Long> ending;
    private final ValueState<Long> ended;
    private final ValueState<Long> markedUntil;
    private final ValueState<Long> seen;
    private final RecentlyUsed<String, Long> lastSeen = new RecentlyUsed<>(CACHED_RUNS);

    RunLife(RuntimeContext context, Duration idleTime) {
        this.idleMillis = idleTime.toMillis();
        this.ending = context.getState(new ValueStateDescriptor<>("ending", Types.LONG));
        this.ended = context.getState(new ValueStateDescriptor<>("ended", Types.LONG));
        this.markedUntil = context.getState(new ValueStateDescriptor<>("marked-until", Types.LONG));
        this.seen = context.getState(new ValueStateDescriptor<>("seen", Types.LONG));
    }

    /** Something of the run came. */
    void seen(String run, TimerService timers) throws IOException {
        long now = timers.currentProcessingTime();
        Long last = lastSeen.get(run);
        if (last == null) {
            last = seen.value();
        }
        // An eighth of the time more or less is the same, and saves a write for every record.
        if (last == null || now - last > idleMillis / 8) {
            last = now;
            seen.update(now);
            timers.registerProcessingTimeTimer(now + idleMillis);
        }
        lastSeen.put(run, last);
    }

    /** The run's end was announced: it is to be forgotten at this time. */
    void end(long atMillis, TimerService timers) throws IOException {
        ending.update(atMillis);
        timers.registerProcessingTimeTimer(atMillis);
    }

    /** An attempt started: the run goes on, or begins anew. */
    void began() {
        ending.clear();
        ended.clear();
        markedUntil.clear();
    }

    /** The attempt with which the run ended; absent while it goes on. */
    OptionalLong ended() throws IOException {
        Long attempt = ended.value();
        return attempt == null ? OptionalLong.empty() : OptionalLong.of(attempt);
    }

    /** Whether it is time to forget the run. */
    boolean isOver(long now) throws IOException {
        Long end = ending.value();
        Long last = seen.value();
        return end != null && end <= now || last != null && last + idleMillis <= now;
    }

    /** Whether the run's end was announced, and it is not forgotten yet. */
    boolean isEnding() throws IOException {
        return ending.value() != null;
    }

    /** Marks the attempt with which the run ended. */
    void mark(long attempt, TimerService timers) throws IOException {
        long until = timers.currentProcessingTime() + MARK_TIME.toMillis();
        ending.clear();
        ended.update(attempt);
        markedUntil.update(until);
        timers.registerProcessingTimeTimer(until);
    }

    /** Nothing of the run is there that could be forgotten later. */
    void forget(String run) {
        seen.clear();
        lastSeen.put(run, null);
    }

    /** Takes the mark away when its time is over. */
    void clean(long now) throws IOException {
        if (Objects.requireNonNullElse(markedUntil.value(), Long.MAX_VALUE) <= now) {
            ended.clear();
            markedUntil.clear();
        }
    }
}
