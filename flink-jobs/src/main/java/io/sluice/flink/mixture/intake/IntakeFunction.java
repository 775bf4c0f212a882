package io.sluice.flink.mixture.intake;

import io.sluice.core.control.CommandDesk;
import io.sluice.core.domain.Attempt;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.sequence.PlanAck;
import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.Rejection.Reason;
import io.sluice.core.signal.Signal;
import io.sluice.core.signal.SignalRules;
import io.sluice.flink.contract.FromContract;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.mixture.FailPoint;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.flink.mixture.RecentlyUsed;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.flink.mixture.RejectOutput;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.mixture.intake.Inbound.UnreadableException;
import io.sluice.schemas.AttemptStarted;
import io.sluice.schemas.Contract;
import io.sluice.state.flink.LayoutType;
import io.sluice.state.flink.layout.AttemptLayout;
import io.sluice.state.flink.layout.RunSpecLayout;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * First stage, keyed by run: reads bytes, joins them with the run's declaration and attempt, turns
 * away what breaks a rule or comes from an older attempt, and routes the rest to the run's shards.
 * What names an attempt that is not known yet waits, within bounds: the topics are read side by
 * side, so a signal may overtake the record that explains it.
 *
 * <p>An attempt does not wait for its declaration. Both are written to one topic under one key, so
 * they lie in one partition in the order in which they were written, and Flink keeps that order up
 * to here: a declaration that has not come before its attempt will not come after it either.
 */
public final class IntakeFunction extends KeyedProcessFunction<String, RawRecord, Routed> {

    private static final long serialVersionUID = 1;

    /** Most declarations of a run that wait for an attempt. */
    private static final int MAX_DECLARED = 16;

    private static final int CACHED_RUNS = 1024;

    private static final Rejection SKIPPED =
            new Rejection(Reason.SKIPPED, "the job was told to skip it");

    private final MixtureOptions options;

    private transient Contract contract;
    private transient FailPoint failPoint;
    private transient RejectOutput rejects;
    private transient MapState<String, RunSpec> declared;
    private transient ValueState<RunSpec> spec;
    private transient ValueState<Attempt> attempt;
    private transient HeldRecords held;
    private transient RunLife life;
    private transient RecentlyUsed<String, Current> cache;

    /** The attempt in progress with its declaration. */
    private record Current(RunSpec spec, Attempt attempt) {}

    public IntakeFunction(MixtureOptions options) {
        this.options = options;
    }

    @Override
    public void open(OpenContext context) {
        contract = new Contract();
        failPoint = FailPoint.intake();
        rejects = new RejectOutput(contract, options, getRuntimeContext().getMetricGroup());
        cache = new RecentlyUsed<>(CACHED_RUNS);
        declared =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "declared",
                                        Types.STRING,
                                        LayoutType.of(RunSpecLayout.INSTANCE)));
        spec =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "spec", LayoutType.of(RunSpecLayout.INSTANCE)));
        attempt =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "attempt", LayoutType.of(AttemptLayout.INSTANCE)));
        held = new HeldRecords(getRuntimeContext(), options.holdTime());
        life = new RunLife(getRuntimeContext(), options.idleTime());
    }

    @Override
    public void processElement(RawRecord raw, Context context, Collector<Routed> out)
            throws Exception {
        take(raw, held.deadline(context.timerService().currentProcessingTime()), context, out);
    }

    /** Takes a record, just come or held until now, that may be held until {@code untilMillis}. */
    private void take(RawRecord raw, long untilMillis, Context context, Collector<Routed> out)
            throws Exception {
        if (!options.skipped().isEmpty() && options.skipped().contains(raw.position())) {
            rejects.reject(raw, SKIPPED, context);
            return;
        }
        try {
            failPoint.pass(raw.key());
            read(raw, untilMillis, context, out);
        } catch (RuntimeException e) {
            throw RecordFailedException.of(raw.position(), e);
        }
    }

    private void read(RawRecord raw, long untilMillis, Context context, Collector<Routed> out)
            throws Exception {
        Inbound inbound;
        try {
            inbound = Inbound.read(raw, contract, options);
        } catch (UnreadableException e) {
            rejects.reject(raw, e.rejection(), context);
            return;
        }
        if (inbound instanceof Inbound.Declared declaration) {
            life.seen(context.getCurrentKey(), context.timerService());
            declare(declaration.spec());
        } else if (inbound instanceof Inbound.Started started) {
            start(raw, started.record(), context, out);
        } else if (inbound instanceof Inbound.Commanded commanded) {
            command(raw, commanded, untilMillis, context, out);
        } else {
            admit(raw, inbound, untilMillis, context, out);
        }
    }

    /** What still waits when its time is up was never explained. */
    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Routed> out)
            throws Exception {
        if (life.isOver(timestamp)) {
            forget(context, out);
        }
        life.clean(timestamp);
        expire(timestamp, context);
    }

    /**
     * Nothing of a run that is over stays, but a mark; and a declaration that came after its end,
     * for the attempt that begins it anew.
     */
    private void forget(Context context, Collector<Routed> out) throws Exception {
        String run = context.getCurrentKey();
        Current current = current(run);
        if (!life.isEnding()) {
            declared.clear();
        }
        if (current != null) {
            long number = current.attempt().number();
            emitToAll(new StageEvent.Ended(run, number), current.spec(), out);
            spec.clear();
            attempt.clear();
            cache.put(run, null);
            life.mark(number, context.timerService());
        }
        if (declared.isEmpty()) {
            life.forget(run);
        }
    }

    private void expire(long timestamp, Context context) throws Exception {
        Rejection rejection =
                new Rejection(
                        Reason.UNKNOWN_RUN,
                        "no attempt that explains it was announced on "
                                + options.topics().get(0)
                                + " within "
                                + options.holdTime().toSeconds()
                                + " s");
        for (HeldRecord record : held.takeExpired(timestamp)) {
            rejects.reject(record.raw(), rejection, context);
        }
    }

    /**
     * Keeps a declaration for the attempt that will name it, which as a rule is the next record.
     * State keeps no order in which to drop the oldest, and nobody has so many in waiting but by
     * mistake: all go, and the newest stays.
     */
    private void declare(RunSpec declaration) throws Exception {
        int waiting = 0;
        for (String digest : declared.keys()) {
            waiting += digest.equals(declaration.digest()) ? 0 : 1;
        }
        if (waiting >= MAX_DECLARED) {
            declared.clear();
        }
        declared.put(declaration.digest(), declaration);
    }

    private void start(RawRecord raw, AttemptStarted record, Context context, Collector<Routed> out)
            throws Exception {
        Current current = current(context.getCurrentKey());
        long last =
                current == null ? life.ended().orElse(Long.MIN_VALUE) : current.attempt().number();
        if (raw.offset() <= last) {
            return;
        }
        RunSpec announced = declared.get(record.getSpecDigest());
        if (announced == null
                && current != null
                && current.spec().digest().equals(record.getSpecDigest())) {
            announced = current.spec();
        }
        Attempt started;
        try {
            started = FromContract.attempt(record, raw.offset());
        } catch (IllegalArgumentException e) {
            rejects.reject(raw, new Rejection(Reason.INVALID_SPEC, e.getMessage()), context);
            return;
        }
        if (announced == null
                || !started.inForce().mixture().groups().equals(announced.groupIds())) {
            String message =
                    announced == null
                            ? "no declaration with digest "
                                    + record.getSpecDigest()
                                    + " precedes it"
                            : "its mixture does not have the run's groups";
            rejects.reject(raw, new Rejection(Reason.INVALID_SPEC, message), context);
            return;
        }
        spec.update(announced);
        attempt.update(started);
        cache.put(context.getCurrentKey(), new Current(announced, started));
        life.began();
        life.seen(context.getCurrentKey(), context.timerService());
        // Shards that the run has no more are told too: they forget it.
        int before = current == null ? 0 : current.spec().shards();
        StageEvent event = new StageEvent.Started(announced, started, origin(raw));
        for (int shard = 0; shard < Math.max(before, announced.shards()); shard++) {
            out.collect(new Routed(shard, event));
        }
        for (HeldRecord waiting : held.takeAll()) {
            take(waiting.raw(), waiting.untilMillis(), context, out);
        }
    }

    private void admit(
            RawRecord raw,
            Inbound inbound,
            long untilMillis,
            Context context,
            Collector<Routed> out)
            throws Exception {
        Current current = current(context.getCurrentKey());
        long number = attemptOf(inbound);
        if (current == null && number <= life.ended().orElse(Long.MIN_VALUE)) {
            rejects.reject(raw, over(), context);
        } else if (current == null || number > current.attempt().number()) {
            hold(raw, untilMillis, context);
        } else if (number < current.attempt().number()) {
            String message =
                    "attempt " + number + " was followed by attempt " + current.attempt().number();
            rejects.reject(raw, new Rejection(Reason.FENCED, message), context);
        } else {
            life.seen(context.getCurrentKey(), context.timerService());
            route(raw, inbound, untilMillis, current, context, out);
        }
    }

    /** A command that comes before the run's first attempt waits for it. */
    private void command(
            RawRecord raw,
            Inbound.Commanded commanded,
            long untilMillis,
            Context context,
            Collector<Routed> out)
            throws Exception {
        Current current = current(context.getCurrentKey());
        if (current == null && life.ended().isPresent()) {
            rejects.reject(raw, over(), context);
        } else if (current == null) {
            hold(raw, untilMillis, context);
        } else {
            Optional<Rejection> rejection = check(commanded, current);
            if (rejection.isPresent()) {
                rejects.reject(raw, rejection.get(), context);
            } else {
                out.collect(
                        new Routed(0, new StageEvent.Commanded(commanded.command(), origin(raw))));
            }
        }
    }

    private static Optional<Rejection> check(Inbound.Commanded commanded, Current current) {
        String digest = commanded.specDigest();
        try {
            if (!digest.isEmpty() && !digest.equals(current.spec().digest())) {
                throw new IllegalArgumentException(
                        "it is meant for declaration " + digest + ", not the run's");
            }
            new CommandDesk(current.spec()).check(commanded.command());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(new Rejection(Reason.INVALID_COMMAND, e.getMessage()));
        }
    }

    private static Rejection over() {
        return new Rejection(Reason.RUN_ENDED, "the run has ended; a new attempt begins it anew");
    }

    private void route(
            RawRecord raw,
            Inbound inbound,
            long untilMillis,
            Current current,
            Context context,
            Collector<Routed> out)
            throws IOException {
        Optional<Rejection> rejection = check(inbound, current);
        if (rejection.isPresent()) {
            rejects.reject(raw, rejection.get(), context);
        } else if (inbound instanceof Inbound.Signalled signalled) {
            Signal signal = signalled.signal();
            StageEvent event = new StageEvent.Signalled(signal, origin(raw));
            if (signal.subject().isGroup()) {
                GroupId group = new GroupId(signal.subject().id());
                out.collect(
                        new Routed(RoundReducer.shardOf(group, current.spec().shards()), event));
            } else {
                emitToAll(event, current.spec(), out);
            }
        } else if (inbound instanceof Inbound.Closed closed) {
            emitToAll(
                    new StageEvent.Closed(closed.closed(), Optional.of(origin(raw))),
                    current.spec(),
                    out);
        } else if (inbound instanceof Inbound.Acknowledged acknowledged) {
            out.collect(
                    new Routed(
                            0,
                            new StageEvent.Acknowledged(
                                    acknowledged.ack(), Optional.of(origin(raw)))));
        } else if (inbound instanceof Inbound.Ended) {
            declared.clear();
            life.end(untilMillis, context.timerService());
        } else if (inbound instanceof Inbound.Saved saved) {
            out.collect(
                    new Routed(
                            0,
                            new StageEvent.Saved(
                                    saved.record().getRunId(),
                                    saved.record().getAttempt(),
                                    saved.record().getNextStep(),
                                    Optional.of(origin(raw)))));
        }
    }

    private static Optional<Rejection> check(Inbound inbound, Current current) {
        if (inbound instanceof Inbound.Signalled signalled) {
            return sameSpec(signalled.signal().specDigest(), current)
                    .or(
                            () ->
                                    SignalRules.check(
                                            signalled.signal(), current.spec(), current.attempt()));
        }
        if (inbound instanceof Inbound.Closed closed) {
            return sameSpec(closed.closed().specDigest(), current)
                    .or(
                            () ->
                                    SignalRules.check(
                                            closed.closed(), current.spec(), current.attempt()));
        }
        if (inbound instanceof Inbound.Saved saved) {
            return saved.record().getNextStep() >= current.attempt().resumeStep()
                    ? Optional.empty()
                    : Optional.of(
                            new Rejection(
                                    Reason.OUT_OF_RANGE,
                                    "its step "
                                            + saved.record().getNextStep()
                                            + " comes before the attempt's first step "
                                            + current.attempt().resumeStep()));
        }
        if (inbound instanceof Inbound.Ended) {
            return Optional.empty();
        }
        // The controller goes on from the plan that an answer names.
        PlanAck ack = ((Inbound.Acknowledged) inbound).ack();
        if (!ack.inForce().mixture().groups().equals(current.spec().groupIds())) {
            return Optional.of(
                    new Rejection(
                            Reason.OUT_OF_RANGE, "its mixture does not have the run's groups"));
        }
        return Optional.empty();
    }

    private static Optional<Rejection> sameSpec(String digest, Current current) {
        if (digest.equals(current.spec().digest())) {
            return Optional.empty();
        }
        return Optional.of(
                new Rejection(
                        Reason.INVALID_SPEC,
                        "it was measured under declaration " + digest + ", not the attempt's"));
    }

    private static long attemptOf(Inbound inbound) {
        if (inbound instanceof Inbound.Signalled signalled) {
            return signalled.signal().attempt();
        }
        if (inbound instanceof Inbound.Closed closed) {
            return closed.closed().attempt();
        }
        if (inbound instanceof Inbound.Saved saved) {
            return saved.record().getAttempt();
        }
        if (inbound instanceof Inbound.Ended ended) {
            return ended.record().getAttempt();
        }
        return ((Inbound.Acknowledged) inbound).ack().attempt();
    }

    private void hold(RawRecord raw, long untilMillis, Context context) throws Exception {
        if (!held.add(new HeldRecord(raw, untilMillis), context.timerService())) {
            String message = held.count() + " records of this run already wait for their attempt";
            rejects.reject(raw, new Rejection(Reason.UNKNOWN_RUN, message), context);
        }
    }

    private Current current(String run) throws Exception {
        Current cached = cache.get(run);
        if (cached != null) {
            return cached;
        }
        Attempt stored = attempt.value();
        return stored == null ? null : cache.put(run, new Current(spec.value(), stored));
    }

    private static StageEvent.Origin origin(RawRecord raw) {
        return new StageEvent.Origin(raw.topic(), raw.partition(), raw.offset());
    }

    private static void emitToAll(StageEvent event, RunSpec spec, Collector<Routed> out) {
        for (int shard = 0; shard < spec.shards(); shard++) {
            out.collect(new Routed(shard, event));
        }
    }
}
