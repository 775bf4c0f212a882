package io.sluice.flink.candidate;

import io.sluice.flink.candidate.admit.AdmitFunction;
import io.sluice.flink.candidate.dedup.DedupFunction;
import io.sluice.flink.candidate.embed.EmbedFunction;
import io.sluice.flink.candidate.embed.ModelSource;
import io.sluice.flink.candidate.validate.RequestsFunction;
import io.sluice.flink.candidate.validate.ValidateFunction;
import io.sluice.flink.kafka.KafkaEndpoints;
import io.sluice.flink.kafka.KafkaTopicLog;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.schemas.Topic;
import io.sluice.state.flink.LayoutType;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.AsyncDataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Wires the stages of the candidate job.
 *
 * <pre>
 * candidates -> VALIDATE \
 *                         -> DEDUP (catalog) -> EMBED -> ADMIT (catalog, group) -> documents, supply
 * catalogs   -> REQUESTS /         \_________________________\____________________> rejects
 * </pre>
 */
public final class CandidateTopology {

    /** The function gives an answer in time by itself, for those documents that wait for one. */
    private static final long NO_TIMEOUT = 0;

    private CandidateTopology() {}

    /** Adds the job to {@code environment}. */
    public static void build(StreamExecutionEnvironment environment, CandidateOptions options) {
        SingleOutputStreamOperator<CandidateEvent> validated =
                source(environment, options, Topic.CANDIDATES)
                        .process(
                                new ValidateFunction(options, log(options, Topic.CATALOGS)),
                                LayoutType.of(CandidateEventLayout.INSTANCE))
                        .name("validate")
                        .uid("candidate-validate");
        SingleOutputStreamOperator<CandidateEvent> requests =
                source(environment, options, Topic.CATALOGS)
                        .process(
                                new RequestsFunction(options),
                                LayoutType.of(CandidateEventLayout.INSTANCE))
                        .name("requests")
                        .uid("candidate-requests");
        SingleOutputStreamOperator<CandidateEvent> originals =
                validated
                        .union(requests)
                        .keyBy(CandidateEvent::catalog, Types.STRING)
                        .process(
                                new DedupFunction(options, log(options, Topic.DOCUMENTS)),
                                LayoutType.of(CandidateEventLayout.INSTANCE))
                        .name("dedup")
                        .uid("candidate-dedup");
        SingleOutputStreamOperator<CandidateEvent> scored =
                AsyncDataStream.orderedWait(
                                originals,
                                new EmbedFunction(
                                        options.scorer(),
                                        log(options, Topic.CATALOGS),
                                        ModelSource::fromClassPath),
                                NO_TIMEOUT,
                                TimeUnit.MILLISECONDS,
                                EmbedFunction.MOST_IN_FLIGHT)
                        .name("embed")
                        .uid("candidate-embed");
        SingleOutputStreamOperator<OutboundRecord> admitted =
                scored.keyBy(
                                event -> Topic.catalogKey(event.catalog(), event.group()),
                                Types.STRING)
                        .process(
                                new AdmitFunction(
                                        options,
                                        log(options, Topic.CATALOGS),
                                        log(options, Topic.PLANS),
                                        log(options, Topic.ACKS),
                                        log(options, Topic.DECISIONS)),
                                LayoutType.of(OutboundRecordLayout.INSTANCE))
                        .name("admit")
                        .uid("candidate-admit");
        admitted.sinkTo(KafkaEndpoints.sink(options.kafka()))
                .name("documents")
                .uid("candidate-documents");
        validated
                .getSideOutput(CandidateRejects.TAG)
                .union(
                        requests.getSideOutput(CandidateRejects.TAG),
                        originals.getSideOutput(CandidateRejects.TAG),
                        admitted.getSideOutput(CandidateRejects.TAG))
                .sinkTo(KafkaEndpoints.sink(options.kafka()))
                .name("rejects")
                .uid("candidate-rejects");
    }

    private static DataStreamSource<RawRecord> source(
            StreamExecutionEnvironment environment, CandidateOptions options, Topic topic) {
        DataStreamSource<RawRecord> source =
                environment.fromSource(
                        KafkaEndpoints.source(
                                options.kafka(), List.of(options.name(topic)), options.group()),
                        WatermarkStrategy.noWatermarks(),
                        options.name(topic),
                        LayoutType.of(RawRecordLayout.INSTANCE));
        source.uid("candidate-" + topic.name("") + "-source");
        return source;
    }

    private static KafkaTopicLog log(CandidateOptions options, Topic topic) {
        return new KafkaTopicLog(options.kafka(), options.name(topic));
    }
}
