package io.sluice.flink.mixture.rounds;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
import io.sluice.flink.mixture.FailPoint;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.flink.mixture.RecentlyUsed;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.flink.mixture.RejectOutput;
import io.sluice.flink.mixture.Routed;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.mixture.StageEvent.Closed;
import io.sluice.flink.mixture.StageEvent.Ended;
import io.sluice.flink.mixture.StageEvent.Reduced;
import io.sluice.flink.mixture.StageEvent.Signalled;
import io.sluice.flink.mixture.StageEvent.Started;
import io.sluice.schemas.Contract;
import io.sluice.state.flink.HeapAllowance;
import io.sluice.state.flink.KeyedRoundStore;
import io.sluice.state.flink.LayoutType;
import io.sluice.state.flink.layout.RoundClosedLayout;
import io.sluice.state.flink.layout.RoundLedgerLayout;
import io.sluice.state.flink.layout.RunSpecLayout;
import io.sluice.state.flink.layout.SignalLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Second stage, keyed by (run, shard): gathers signals until a round is whole, and hands on its
 * scalars. What came since the last checkpoint is held on the heap; {@link RoundsOperator} has it
 * saved before the next.
 */
final class RoundsFunction
        extends KeyedProcessFunction<Tuple2<String, Integer>, Routed, StageEvent> {

    private static final long serialVersionUID = 1;

    /** Heap for what is not saved yet: some rounds of the largest runs without sketches. */
    private static final long UNSAVED_BYTES = 32L << 20;

    private final MixtureOptions options;
    private final int cachedShards;

    private transient BiConsumer<Tuple2<String, Integer>, Runnable> keys;
    private transient FailPoint failPoint;
    private transient HeapAllowance allowance;
    private transient RejectOutput rejects;
    private transient ValueState<RunSpec> spec;
    private transient ValueState<RoundLedger> ledger;
    private transient MapState<String, Signal> signals;
    private transient MapState<String, RoundClosed> statements;
    private transient RecentlyUsed<Tuple2<String, Integer>, Shard> shards;

    /** A shard, with what of it is not in state yet. */
    private static final class Shard {
        private final KeyedRoundStore store;
        private final RoundReducer reducer;
        private RoundLedger ledger;
        private RoundLedger saved;

        Shard(RunSpec spec, int shard, KeyedRoundStore store, RoundLedger saved) {
            this.store = store;
            this.reducer = new RoundReducer(spec, shard, store);
            this.ledger = saved;
            this.saved = saved;
        }
    }

    /**
     * @param cachedShards of how many shards something may be held on the heap
     */
    RoundsFunction(MixtureOptions options, int cachedShards) {
        this.options = options;
        this.cachedShards = cachedShards;
    }

    /** How to reach the state of a key that is not the one being processed. */
    void reachKeysBy(BiConsumer<Tuple2<String, Integer>, Runnable> way) {
        keys = way;
    }

    @Override
    public void open(OpenContext context) {
        failPoint = FailPoint.rounds();
        allowance = new HeapAllowance(UNSAVED_BYTES);
        rejects = new RejectOutput(new Contract(), options, getRuntimeContext().getMetricGroup());
        shards = new RecentlyUsed<>(cachedShards, this::save);
        spec =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "spec", LayoutType.of(RunSpecLayout.INSTANCE)));
        ledger =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "ledger", LayoutType.of(RoundLedgerLayout.INSTANCE)));
        signals =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "signals",
                                        Types.STRING,
                                        LayoutType.of(SignalLayout.INSTANCE)));
        statements =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "statements",
                                        Types.STRING,
                                        LayoutType.of(RoundClosedLayout.INSTANCE)));
    }

    @Override
    public void processElement(Routed routed, Context context, Collector<StageEvent> out)
            throws Exception {
        StageEvent event = routed.event();
        try {
            failPoint.pass(event);
            take(event, context, out);
        } catch (RuntimeException e) {
            throw RecordFailedException.of(event, e);
        }
    }

    private void take(StageEvent event, Context context, Collector<StageEvent> out)
            throws Exception {
        if (event instanceof Signalled signalled) {
            add(signalled, context, out);
        } else if (event instanceof Closed closed) {
            Shard shard = shard(context);
            finish(shard, shard.reducer.close(shard.ledger, closed.closed()), closed, out);
        } else if (event instanceof Started started) {
            ShardRound.Counts left = counted(context);
            forget(context);
            if (isMine(started, context)) {
                start(started, context);
            }
            out.collect(new Started(started.spec(), started.attempt(), left, started.origin()));
        } else if (event instanceof Ended) {
            forget(context);
            out.collect(event);
        } else {
            out.collect(event);
        }
    }

    private void add(Signalled signalled, Context context, Collector<StageEvent> out)
            throws IOException {
        Shard shard = shard(context);
        RoundReducer.Step step = shard.reducer.add(shard.ledger, signalled.signal());
        finish(shard, step, signalled, out);
        step.rejection()
                .ifPresent(
                        rejection ->
                                rejects.reject(
                                        signalled.runId(), signalled.at(), rejection, context));
    }

    /** A new declaration may have fewer shards. */
    private static boolean isMine(Started started, Context context) {
        return context.getCurrentKey().f1 < started.spec().shards();
    }

    /** What was open is abandoned. */
    private void start(Started started, Context context) throws IOException {
        spec.update(started.spec());
        Shard shard = put(started.spec(), null, context);
        shard.ledger = shard.reducer.start(started.attempt(), Optional.empty());
    }

    /** What the shard has counted in the attempt so far. */
    private ShardRound.Counts counted(Context context) throws IOException {
        if (shards.get(context.getCurrentKey()) == null && ledger.value() == null) {
            return ShardRound.Counts.ZERO;
        }
        Shard shard = shard(context);
        return shard.reducer.counted(shard.ledger).counts();
    }

    private void forget(Context context) {
        Shard shard = shards.remove(context.getCurrentKey());
        if (shard != null) {
            shard.store.discard();
        }
        spec.clear();
        ledger.clear();
        signals.clear();
        statements.clear();
    }

    private static void finish(
            Shard shard, RoundReducer.Step step, StageEvent of, Collector<StageEvent> out) {
        shard.ledger = step.ledger();
        for (ShardRound round : step.rounds()) {
            out.collect(new Reduced(round, of.origin()));
        }
    }

    private Shard shard(Context context) throws IOException {
        Shard shard = shards.get(context.getCurrentKey());
        return shard == null ? put(spec.value(), ledger.value(), context) : shard;
    }

    private Shard put(RunSpec of, RoundLedger from, Context context) {
        Tuple2<String, Integer> key = context.getCurrentKey();
        KeyedRoundStore store = new KeyedRoundStore(signals, statements, of, allowance);
        return shards.put(key, new Shard(of, key.f1, store, from));
    }

    /** Writes everything to state that is not there yet. */
    void save() {
        shards.forEach(this::save);
    }

    private void save(Tuple2<String, Integer> key, Shard shard) {
        keys.accept(
                key,
                () -> {
                    shard.store.save();
                    save(shard);
                });
    }

    private void save(Shard shard) {
        RoundLedger settled = shard.ledger.settled();
        if (settled.equals(shard.saved)) {
            return;
        }
        try {
            ledger.update(settled);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        shard.saved = settled;
    }
}
