package io.sluice.flink.mixture.rounds;

import io.sluice.core.domain.RunSpec;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundReducer;
import io.sluice.core.round.ShardRound;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.Signal;
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
import io.sluice.state.flink.KeyedRoundStore;
import io.sluice.state.flink.LayoutType;
import io.sluice.state.flink.layout.RoundClosedLayout;
import io.sluice.state.flink.layout.RoundLedgerLayout;
import io.sluice.state.flink.layout.RunSpecLayout;
import io.sluice.state.flink.layout.SignalLayout;
import java.io.IOException;
import java.util.Optional;
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
 * scalars.
 */
public final class RoundsFunction
        extends KeyedProcessFunction<Tuple2<String, Integer>, Routed, StageEvent> {

    private static final long serialVersionUID = 1;

    private static final int CACHED_SHARDS = 1024;

    private final MixtureOptions options;

    private transient RejectOutput rejects;
    private transient ValueState<RunSpec> spec;
    private transient ValueState<RoundLedger> ledger;
    private transient MapState<String, Signal> signals;
    private transient MapState<String, RoundClosed> statements;
    private transient RecentlyUsed<Tuple2<String, Integer>, Shard> shards;

    /** What is known of a shard without asking state. */
    private static final class Shard {
        private final RoundReducer reducer;
        private RoundLedger ledger;
        private RoundLedger stored;

        Shard(RoundReducer reducer, RoundLedger stored) {
            this.reducer = reducer;
            this.ledger = stored;
            this.stored = stored;
        }
    }

    public RoundsFunction(MixtureOptions options) {
        this.options = options;
    }

    @Override
    public void open(OpenContext context) {
        rejects = new RejectOutput(new Contract(), options, getRuntimeContext().getMetricGroup());
        shards = new RecentlyUsed<>(CACHED_SHARDS);
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
        if (event instanceof Signalled signalled) {
            try {
                add(signalled, context, out);
            } catch (RuntimeException e) {
                throw RecordFailedException.unlessCancelled(signalled.origin().position(), e);
            }
        } else if (event instanceof Closed closed) {
            Shard shard = shard(context);
            finish(shard, shard.reducer.close(shard.ledger, closed.closed()), out);
        } else if (event instanceof Started started && isMine(started, context)) {
            start(started, context);
            out.collect(event);
        } else if (event instanceof Started) {
            forget(context);
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
        finish(shard, step, out);
        step.rejection()
                .ifPresent(
                        rejection ->
                                rejects.reject(
                                        signalled.runId(), signalled.origin(), rejection, context));
    }

    /** A new declaration may have fewer shards. */
    private static boolean isMine(Started started, Context context) {
        return context.getCurrentKey().f1 < started.spec().shards();
    }

    /** What was open is abandoned. */
    private void start(Started started, Context context) throws IOException {
        forget(context);
        spec.update(started.spec());
        RoundReducer reducer = reducer(started.spec(), context);
        Shard shard = shards.put(context.getCurrentKey(), new Shard(reducer, null));
        keep(shard, reducer.start(started.attempt(), Optional.empty()));
    }

    private void forget(Context context) {
        spec.clear();
        ledger.clear();
        signals.clear();
        statements.clear();
        shards.put(context.getCurrentKey(), null);
    }

    private void finish(Shard shard, RoundReducer.Step step, Collector<StageEvent> out)
            throws IOException {
        keep(shard, step.ledger());
        for (ShardRound round : step.rounds()) {
            out.collect(new Reduced(round));
        }
    }

    /** Most signals change nothing of the ledger that is stored. */
    private void keep(Shard shard, RoundLedger value) throws IOException {
        shard.ledger = value;
        RoundLedger settled = value.settled();
        if (!settled.equals(shard.stored)) {
            ledger.update(settled);
            shard.stored = settled;
        }
    }

    private Shard shard(Context context) throws IOException {
        Shard shard = shards.get(context.getCurrentKey());
        return shard == null
                ? shards.put(
                        context.getCurrentKey(),
                        new Shard(reducer(spec.value(), context), ledger.value()))
                : shard;
    }

    private RoundReducer reducer(RunSpec of, Context context) {
        return new RoundReducer(
                of, context.getCurrentKey().f1, new KeyedRoundStore(signals, statements, of));
    }
}
