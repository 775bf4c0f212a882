package io.sluice.flink.mixture;

import io.sluice.core.signal.Rejection;
import io.sluice.core.signal.Rejection.Reason;
import io.sluice.flink.contract.ToContract;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.Contract;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import io.sluice.state.flink.LayoutType;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.OutputTag;

/** Where a stage puts what it turns away: the rejects topic, and one counter per reason. */
public final class RejectOutput {

    /** The side output that leads to the rejects topic. */
    public static final OutputTag<OutboundRecord> TAG =
            new OutputTag<>("rejects", LayoutType.of(OutboundRecordLayout.INSTANCE));

    private final Contract contract;
    private final String topic;
    private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

    public RejectOutput(Contract contract, MixtureOptions options, MetricGroup metrics) {
        this.contract = contract;
        this.topic = options.name(Topic.REJECTS);
        for (Reason reason : Reason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT);
            counters.put(
                    reason,
                    metrics.addGroup("sluice").addGroup("reason", name).counter("rejected"));
        }
    }

    /** Turns a raw record away. */
    public void reject(
            RawRecord raw, Rejection rejection, KeyedProcessFunction<?, ?, ?>.Context context) {
        emit(raw.key(), ToContract.rejected(raw, rejection), rejection.reason(), context);
    }

    /** Turns away a record that was read before. */
    public void reject(
            String key,
            StageEvent.Origin origin,
            Rejection rejection,
            KeyedProcessFunction<?, ?, ?>.Context context) {
        emit(
                key,
                ToContract.rejected(origin.topic(), origin.partition(), origin.offset(), rejection),
                rejection.reason(),
                context);
    }

    private void emit(
            String key,
            Rejected record,
            Reason reason,
            KeyedProcessFunction<?, ?, ?>.Context context) {
        counters.get(reason).inc();
        context.output(TAG, new OutboundRecord(topic, key, contract.encode(record)));
    }
}
