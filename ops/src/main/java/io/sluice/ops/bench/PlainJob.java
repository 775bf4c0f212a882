package io.sluice.ops.bench;

import io.sluice.flink.kafka.KafkaEndpoints;
import io.sluice.flink.kafka.OutboundRecord;
import io.sluice.flink.kafka.OutboundRecordLayout;
import io.sluice.flink.kafka.RawRecord;
import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.ops.stack.EmbeddedJob;
import io.sluice.state.flink.LayoutType;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/**
 * What the mixture job is measured against: jobs with the same source, settings and backend that
 * know nothing of rounds. Each says with a mark when it has taken another round's worth of records.
 */
final class PlainJob implements AutoCloseable {

    private static final long CLOSE_SECONDS = 30;

    private final JobClient job;

    private PlainJob(JobClient job) {
        this.job = job;
    }

    /** Hands every record on, and no more. */
    static PlainJob identity(
            Properties client, Path folder, String topic, String marks, int every, int parallelism)
            throws Exception {
        StreamExecutionEnvironment environment = EmbeddedJob.environment(folder, parallelism);
        return run(environment, source(environment, client, topic), client, marks, every);
    }

    /**
     * Keys every record by its run, writes its bytes to RocksDB once, and reads once what was
     * written there a round before.
     */
    static PlainJob reference(
            Properties client, Path folder, String topic, String marks, int every, int parallelism)
            throws Exception {
        StreamExecutionEnvironment environment = EmbeddedJob.environment(folder, parallelism);
        DataStream<RawRecord> kept =
                source(environment, client, topic)
                        .keyBy(RawRecord::key, Types.STRING)
                        .flatMap(new Keep(every))
                        .returns(LayoutType.of(RawRecordLayout.INSTANCE));
        return run(environment, kept, client, marks, every);
    }

    private static DataStream<RawRecord> source(
            StreamExecutionEnvironment environment, Properties client, String topic) {
        return environment.fromSource(
                KafkaEndpoints.source(client, List.of(topic), "plain"),
                WatermarkStrategy.noWatermarks(),
                "records",
                LayoutType.of(RawRecordLayout.INSTANCE));
    }

    private static PlainJob run(
            StreamExecutionEnvironment environment,
            DataStream<RawRecord> records,
            Properties client,
            String marks,
            int every)
            throws Exception {
        records.flatMap(new Mark(marks, every))
                .returns(LayoutType.of(OutboundRecordLayout.INSTANCE))
                .sinkTo(KafkaEndpoints.sink(client));
        return new PlainJob(environment.executeAsync("plain"));
    }

    @Override
    public void close() throws Exception {
        job.cancel().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        job.getJobExecutionResult()
                .handle((value, failure) -> null)
                .get(CLOSE_SECONDS, TimeUnit.SECONDS);
    }

    private static final class Keep extends RichFlatMapFunction<RawRecord, RawRecord> {

        private static final long serialVersionUID = 1;

        private final int every;
        private transient MapState<Long, RawRecord> kept;

        Keep(int every) {
            this.every = every;
        }

        @Override
        public void open(OpenContext context) {
            kept =
                    getRuntimeContext()
                            .getMapState(
                                    new MapStateDescriptor<>(
                                            "kept",
                                            Types.LONG,
                                            LayoutType.of(RawRecordLayout.INSTANCE)));
        }

        @Override
        public void flatMap(RawRecord record, Collector<RawRecord> out) throws Exception {
            long place = record.offset() % every;
            RawRecord before = kept.get(place);
            kept.put(place, record);
            out.collect(before == null ? record : before);
        }
    }

    private static final class Mark extends RichFlatMapFunction<RawRecord, OutboundRecord> {

        private static final long serialVersionUID = 1;

        private final String topic;
        private final int every;
        private transient long taken;

        Mark(String topic, int every) {
            this.topic = topic;
            this.every = every;
        }

        @Override
        public void flatMap(RawRecord record, Collector<OutboundRecord> out) {
            taken++;
            if (taken % every == 0) {
                out.collect(new OutboundRecord(topic, record.key(), new byte[] {1}));
            }
        }
    }
}
