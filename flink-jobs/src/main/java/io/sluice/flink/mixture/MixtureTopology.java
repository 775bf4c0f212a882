package io.sluice.flink.mixture;

import io.sluice.flink.kafka.KafkaEndpoints;
import io.sluice.flink.kafka.KafkaTopicLog;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.flink.mixture.decision.DecisionFunction;
import io.sluice.flink.mixture.decision.EpochClaim;
import io.sluice.flink.mixture.intake.IntakeFunction;
import io.sluice.flink.mixture.rounds.RoundsOperator;
import io.sluice.schemas.Topic;
import io.sluice.state.flink.LayoutType;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Wires the stages of the mixture job.
 *
 * <pre>
 * runs, telemetry, acks, control -> INTAKE (run) -> ROUNDS (run, shard) -> DECISION (run) -> plans, decisions
 *                             \______________\________________________________________> rejects
 * </pre>
 *
 * <p>DECISION also reads catalogs and supply, of which a decision says what it used.
 */
public final class MixtureTopology {

    private MixtureTopology() {}

    /** Adds the job to {@code environment}. */
    public static void build(
            StreamExecutionEnvironment environment, MixtureOptions options, EpochClaim claim) {
        environment.setBufferTimeout(options.bufferTimeout().toMillis());
        SingleOutputStreamOperator<Routed> intake =
                environment
                        .fromSource(
                                KafkaEndpoints.source(
                                        options.kafka(), options.inputs(), options.group()),
                                WatermarkStrategy.noWatermarks(),
                                "records",
                                LayoutType.of(RawRecordLayout.INSTANCE))
                        .uid("mixture-records")
                        .keyBy(RawRecord::key, Types.STRING)
                        .process(new IntakeFunction(options), LayoutType.of(RoutedLayout.INSTANCE))
                        .name("intake")
                        .uid("mixture-intake");
        SingleOutputStreamOperator<StageEvent> rounds =
                intake.keyBy(
                                routed -> Tuple2.of(routed.event().runId(), routed.shard()),
                                Types.TUPLE(Types.STRING, Types.INT))
                        .transform(
                                "rounds",
                                LayoutType.of(StageEventLayout.INSTANCE),
                                new RoundsOperator(options))
                        .uid("mixture-rounds");
        SingleOutputStreamOperator<OutboundRecord> decisions =
                rounds.keyBy(StageEvent::runId, Types.STRING)
                        .process(
                                new DecisionFunction(
                                        options,
                                        claim,
                                        log(options, Topic.CATALOGS),
                                        log(options, Topic.SUPPLY)),
                                LayoutType.of(OutboundRecordLayout.INSTANCE))
                        .name("decision")
                        .uid("mixture-decision");
        decisions
                .sinkTo(KafkaEndpoints.sink(options.kafka()))
                .name("feedback")
                .uid("mixture-feedback");
        intake.getSideOutput(RejectOutput.TAG)
                .union(
                        rounds.getSideOutput(RejectOutput.TAG),
                        decisions.getSideOutput(RejectOutput.TAG))
                .sinkTo(KafkaEndpoints.sink(options.kafka()))
                .name("rejects")
                .uid("mixture-rejects");
    }

    private static KafkaTopicLog log(MixtureOptions options, Topic topic) {
        return new KafkaTopicLog(options.kafka(), options.name(topic));
    }
}
