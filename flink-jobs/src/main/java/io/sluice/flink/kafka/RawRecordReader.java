package io.sluice.flink.kafka;

import io.sluice.state.flink.LayoutType;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes Kafka records as they are. Never fails: what they mean is for a later stage. */
public final class RawRecordReader implements KafkaRecordDeserializationSchema<RawRecord> {

    private static final long serialVersionUID = 1;

    /** Longer keys are no run ids; they are cut so that they stay what they are: unknown. */
    private static final int MAX_KEY = 256;

    private static final byte[] NOTHING = {};

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RawRecord> out) {
        out.collect(raw(record));
    }

    static RawRecord raw(ConsumerRecord<byte[], byte[]> record) {
        return new RawRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                key(record.key()),
                record.value() == null ? NOTHING : record.value());
    }

    private static String key(byte[] key) {
        return key == null
                ? ""
                : new String(key, 0, Math.min(key.length, MAX_KEY), StandardCharsets.UTF_8);
    }

    @Override
    public TypeInformation<RawRecord> getProducedType() {
        return LayoutType.of(RawRecordLayout.INSTANCE);
    }
}
