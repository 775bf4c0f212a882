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
    private transient KeyedRoundStore store;
    private transient RecentlyUsed<Tuple2<String, Integer>, RunSpec> specs;
    private transient RecentlyUsed<Tuple2<String, Integer>, RoundLedger> ledgers;

    public RoundsFunction(MixtureOptions options) {
        this.options = options;
    }

    @Override
    public void open(OpenContext context) {
        rejects = new RejectOutput(new Contract(), options, getRuntimeContext().getMetricGroup());
        specs = new RecentlyUsed<>(CACHED_SHARDS);
        ledgers = new RecentlyUsed<>(CACHED_SHARDS);
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
        MapState<String, Signal> signals =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "signals",
                                        Types.STRING,
                                        LayoutType.of(SignalLayout.INSTANCE)));
        MapState<String, RoundClosed> statements =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "statements",
                                        Types.STRING,
                                        LayoutType.of(RoundClosedLayout.INSTANCE)));
        store = new KeyedRoundStore(signals, statements);
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
            finish(reducer(context).close(ledger(context), closed.closed()), context, out);
        } else if (event instanceof Started started && isMine(started, context)) {
            spec.update(started.spec());
            specs.put(context.getCurrentKey(), started.spec());
            keep(
                    reducer(context).start(started.attempt(), Optional.ofNullable(ledger(context))),
                    context);
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
        RoundReducer.Step step = reducer(context).add(ledger(context), signalled.signal());
        finish(step, context, out);
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

    private void forget(Context context) {
        spec.clear();
        ledger.clear();
        store.clear();
        specs.put(context.getCurrentKey(), null);
        ledgers.put(context.getCurrentKey(), null);
    }

    private void finish(RoundReducer.Step step, Context context, Collector<StageEvent> out)
            throws IOException {
        keep(step.ledger(), context);
        for (ShardRound round : step.rounds()) {
            out.collect(new Reduced(round));
        }
    }

    private RoundLedger ledger(Context context) throws IOException {
        RoundLedger current = ledgers.get(context.getCurrentKey());
        return current == null ? ledger.value() : current;
    }

    private void keep(RoundLedger value, Context context) throws IOException {
        ledger.update(value);
        ledgers.put(context.getCurrentKey(), value);
    }

    private RoundReducer reducer(Context context) throws IOException {
        RunSpec current = specs.get(context.getCurrentKey());
        if (current == null) {
            current = specs.put(context.getCurrentKey(), spec.value());
        }
        return new RoundReducer(current, context.getCurrentKey().f1, store);
    }
}
