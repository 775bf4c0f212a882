package io.sluice.flink.candidate;

import io.sluice.core.candidate.CandidateException;
import io.sluice.core.candidate.CandidateException.Reason;
import io.sluice.core.candidate.dedup.Position;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.schemas.Contract;
import io.sluice.schemas.RejectReason;
import io.sluice.schemas.Rejected;
import io.sluice.schemas.Topic;
import io.sluice.state.flink.LayoutType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.OutputTag;

/** Where a stage puts the documents it turns away: the rejects topic, and a counter per reason. */
public final class CandidateRejects {

    /** The side output that leads to the rejects topic. */
    public static final OutputTag<OutboundRecord> TAG =
            new OutputTag<>("rejects", LayoutType.of(OutboundRecordLayout.INSTANCE));

    private static final int MAX_ORIGINAL = 64 * 1024;
    private static final int MAX_MESSAGE = 1000;

    private final Contract contract;
    private final String candidates;
    private final String rejects;
    private final Map<Reason, Counter> counters = new EnumMap<>(Reason.class);

    public CandidateRejects(Contract contract, CandidateOptions options, MetricGroup metrics) {
        this.contract = contract;
        this.candidates = options.name(Topic.CANDIDATES);
        this.rejects = options.name(Topic.REJECTS);
        for (Reason reason : Reason.values()) {
            String name = reason.name().toLowerCase(Locale.ROOT);
            counters.put(
                    reason,
                    metrics.addGroup("sluice").addGroup("reason", name).counter("rejected"));
        }
    }

    /** Turns a raw record away, with its bytes. */
    public void reject(
            RawRecord raw,
            CandidateException why,
            BiConsumer<OutputTag<OutboundRecord>, OutboundRecord> side) {
        byte[] original = Arrays.copyOf(raw.value(), Math.min(raw.value().length, MAX_ORIGINAL));
        emit(raw.key(), raw.topic(), raw.partition(), raw.offset(), original, why, side);
    }

    /** Turns a document away that can be read where it stands. */
    public void reject(
            String id,
            Position position,
            CandidateException why,
            BiConsumer<OutputTag<OutboundRecord>, OutboundRecord> side) {
        emit(id, candidates, position.partition(), position.offset(), new byte[0], why, side);
    }

    private void emit(
            String key,
            String topic,
            int partition,
            long offset,
            byte[] original,
            CandidateException why,
            BiConsumer<OutputTag<OutboundRecord>, OutboundRecord> side) {
        counters.get(why.reason()).inc();
        String message = why.getMessage();
        Rejected rejected =
                new Rejected(
                        topic,
                        partition,
                        offset,
                        RejectReason.valueOf(why.reason().name()),
                        message.substring(0, Math.min(message.length(), MAX_MESSAGE)),
                        ByteBuffer.wrap(original));
        side.accept(TAG, new OutboundRecord(rejects, key, contract.encode(rejected)));
    }
}
