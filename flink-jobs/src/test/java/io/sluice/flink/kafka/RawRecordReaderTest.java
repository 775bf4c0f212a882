package io.sluice.flink.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.state.flink.LayoutType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RawRecordReaderTest {

    private final RawRecordReader reader = new RawRecordReader();

    @Test
    void aRecordKeepsItsPlaceItsKeyAndItsBytes() {
        assertThat(read("run".getBytes(UTF_8), new byte[] {1, 2}))
                .isEqualTo(new RawRecord("topic", 2, 42, "run", new byte[] {1, 2}));
    }

    @Test
    void noKeyAndNoValueAreEmpty() {
        assertThat(read(null, null)).isEqualTo(new RawRecord("topic", 2, 42, "", new byte[0]));
    }

    @Test
    void aHugeKeyIsCutAndAHugeValueIsNot() {
        byte[] key = new byte[1 << 20];
        Arrays.fill(key, (byte) 'k');
        byte[] value = new byte[1 << 20];

        RawRecord record = read(key, value);

        assertThat(record.key()).isEqualTo("k".repeat(256));
        assertThat(record.value()).isEqualTo(value);
    }

    @Test
    void keysOfAnyBytesCanBeSentOn() throws IOException {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] key = new byte[random.nextInt(600)];
            random.nextBytes(key);
            RawRecord record = read(key, new byte[0]);
            DataOutputSerializer out = new DataOutputSerializer(64);
            RawRecordLayout.INSTANCE.put(record, out);

            assertThat(
                            RawRecordLayout.INSTANCE.take(
                                    new DataInputDeserializer(out.getCopyOfBuffer())))
                    .isEqualTo(record);
        }
    }

    @Test
    void itsTypeIsHandledByItsLayout() {
        assertThat(reader.getProducedType()).isEqualTo(LayoutType.of(RawRecordLayout.INSTANCE));
    }

    private RawRecord read(byte[] key, byte[] value) {
        List<RawRecord> records = new ArrayList<>();
        reader.deserialize(
                new ConsumerRecord<>("topic", 2, 42, key, value), new ListCollector<>(records));
        assertThat(records).hasSize(1);
        return records.get(0);
    }
}
