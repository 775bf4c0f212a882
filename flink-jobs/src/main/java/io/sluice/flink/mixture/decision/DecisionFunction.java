package io.sluice.flink.mixture.decision;

import io.sluice.core.catalog.CatalogNews;
import io.sluice.core.controller.Controller;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.controller.Decision;
import io.sluice.core.domain.RunSpec;
import io.sluice.flink.contract.ToContract;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.TopicLog;
import io.sluice.flink.mixture.FailPoint;
import io.sluice.flink.mixture.MixtureOptions;
import io.sluice.flink.mixture.RecentlyUsed;
import io.sluice.flink.mixture.RecordFailedException;
import io.sluice.flink.mixture.RejectOutput;
import io.sluice.flink.mixture.StageEvent;
import io.sluice.flink.mixture.StageEvent.Acknowledged;
import io.sluice.flink.mixture.StageEvent.Commanded;
import io.sluice.flink.mixture.StageEvent.Ended;
import io.sluice.flink.mixture.StageEvent.Reduced;
import io.sluice.flink.mixture.StageEvent.Saved;
import io.sluice.flink.mixture.StageEvent.Started;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Topic;
import io.sluice.state.flink.KeyedSnapshotStore;
import io.sluice.state.flink.LayoutType;
import io.sluice.state.flink.layout.ControllerStateLayout;
import io.sluice.state.flink.layout.SnapshotLayout;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Third stage, keyed by run: joins the shards, asks the controller, and hands plans and decisions
 * to Kafka.
 */
public final class DecisionFunction
        extends KeyedProcessFunction<String, StageEvent, OutboundRecord> {

    private static final long serialVersionUID = 1;

    private static final int CACHED_RUNS = 1024;

    private final MixtureOptions options;
    private final EpochClaim claim;
    private final TopicLog catalogsLog;
    private final TopicLog suppliesLog;

    private transient FailPoint failPoint;
    private transient Contract contract;
    private transient CatalogView catalogs;
    private transient long epoch;
    private transient ValueState<ControllerState> state;
    private transient ValueState<Integer> endedShards;
    private transient KeyedSnapshotStore snapshots;
    private transient RejectOutput rejects;
    private transient RecentlyUsed<String, Assigned> controllers;
    private transient Counter decided;
    private transient Counter published;

    /** A controller with the digest of the declaration it was made for. */
    private record Assigned(String specDigest, Controller controller) {}

    /**
     * @param catalogsLog the catalogs topic
     * @param suppliesLog the supply topic
     */
    public DecisionFunction(
            MixtureOptions options, EpochClaim claim, TopicLog catalogsLog, TopicLog suppliesLog) {
        this.options = options;
        this.claim = claim;
        this.catalogsLog = catalogsLog;
        this.suppliesLog = suppliesLog;
    }

    @Override
    public void open(OpenContext context) throws Exception {
        failPoint = FailPoint.decision();
        contract = new Contract();
        catalogs = new CatalogView(contract, catalogsLog, suppliesLog);
        rejects = new RejectOutput(contract, options, getRuntimeContext().getMetricGroup());
        controllers = new RecentlyUsed<>(CACHED_RUNS);
        state =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "controller",
                                        LayoutType.of(ControllerStateLayout.INSTANCE)));
        endedShards =
                getRuntimeContext().getState(new ValueStateDescriptor<>("ended-shards", Types.INT));
        snapshots =
                new KeyedSnapshotStore(
                        getRuntimeContext()
                                .getMapState(
                                        new MapStateDescriptor<>(
                                                "snapshots",
                                                Types.LONG,
                                                LayoutType.of(SnapshotLayout.INSTANCE))));
        decided = getRuntimeContext().getMetricGroup().addGroup("sluice").counter("decisions");
        published = getRuntimeContext().getMetricGroup().addGroup("sluice").counter("plans");
        epoch = claim.claim(getRuntimeContext().getTaskInfo().getTaskNameWithSubtasks());
    }

    @Override
    public void processElement(StageEvent event, Context context, Collector<OutboundRecord> out)
            throws Exception {
        try {
            failPoint.pass(event);
            take(event, context, out);
        } catch (RuntimeException e) {
            throw RecordFailedException.of(event, e);
        }
    }

    private void take(StageEvent event, Context context, Collector<OutboundRecord> out)
            throws Exception {
        ControllerState before = state.value();
        if (event instanceof Started started) {
            // Every shard announces the attempt; the first one begins it.
            ControllerState now = before;
            if (before == null || started.attempt().number() > before.attempt().number()) {
                now =
                        controller(started.spec())
                                .start(Optional.ofNullable(before), started.attempt());
                endedShards.clear();
            }
            state.update(now.left(started.left()));
        } else if (event instanceof Reduced reduced) {
            long now = context.timerService().currentProcessingTime();
            CatalogNews news =
                    before.spec()
                            .catalog()
                            .map(catalog -> catalogs.news(catalog, now))
                            .orElse(CatalogNews.NONE);
            Controller.Step step =
                    controller(before.spec()).round(before, reduced.round(), epoch, news);
            state.update(step.state());
            publish(step.decisions(), out);
        } else if (event instanceof Acknowledged acknowledged) {
            ControllerState after =
                    controller(before.spec()).acknowledge(before, acknowledged.ack());
            if (after != before) {
                state.update(after);
            }
        } else if (event instanceof Commanded commanded) {
            command(before, commanded, context);
        } else if (event instanceof Ended ended) {
            end(before, ended);
        } else if (event instanceof Saved saved && saved.attempt() == before.attempt().number()) {
            state.update(controller(before.spec()).checkpointSaved(before, saved.nextStep()));
        }
    }

    @Override
    public void close() {
        if (catalogs != null) {
            catalogs.close();
        }
    }

    private void command(ControllerState before, Commanded commanded, Context context)
            throws IOException {
        Controller.Commanded result =
                controller(before.spec()).command(before, commanded.command());
        if (result.rejection().isPresent()) {
            rejects.reject(commanded.runId(), commanded.at(), result.rejection().get(), context);
        } else {
            state.update(result.state());
        }
    }

    /** When the last shard has said so, nothing of the run comes any more. */
    private void end(ControllerState before, Ended ended) throws IOException {
        if (before.attempt().number() != ended.attempt()) {
            return;
        }
        int heard = Objects.requireNonNullElse(endedShards.value(), 0) + 1;
        if (heard < before.spec().shards()) {
            endedShards.update(heard);
            return;
        }
        state.clear();
        endedShards.clear();
        snapshots.clear();
        controllers.put(ended.runId(), null);
    }

    /** The plan goes first: somebody waits for it. */
    private void publish(List<Decision> decisions, Collector<OutboundRecord> out) {
        for (Decision decision : decisions) {
            decision.plan()
                    .ifPresent(
                            plan -> {
                                published.inc();
                                emit(Topic.PLANS, plan.runId(), ToContract.plan(plan), out);
                            });
            decided.inc();
            emit(Topic.DECISIONS, decision.runId(), ToContract.decision(decision), out);
        }
    }

    private void emit(
            Topic topic, String run, SpecificRecord value, Collector<OutboundRecord> out) {
        out.collect(new OutboundRecord(options.name(topic), run, contract.encode(value)));
    }

    private Controller controller(RunSpec spec) {
        Assigned assigned = controllers.get(spec.runId());
        if (assigned == null || !assigned.specDigest().equals(spec.digest())) {
            assigned =
                    controllers.put(
                            spec.runId(),
                            new Assigned(
                                    spec.digest(),
                                    new Controller(spec, ToContract::digest, snapshots)));
        }
        return assigned.controller();
    }
}
