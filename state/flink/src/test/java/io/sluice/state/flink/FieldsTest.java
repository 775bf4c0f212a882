package io.sluice.state.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInput;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class FieldsTest {

    private enum Before {
        FIRST,
        SECOND
    }

    private enum After {
        SECOND,
        FIRST
    }

    private final DataOutputSerializer out = new DataOutputSerializer(16);

    @Test
    void whatWasWrittenIsReadInOrder() throws IOException {
        Fields.writeList(List.of("a", "b"), out, (item, o) -> o.writeUTF(item));
        Fields.writeOptional(Optional.of(7), out, (item, o) -> o.writeInt(item));
        Fields.writeOptional(Optional.<Integer>empty(), out, (item, o) -> o.writeInt(item));
        Fields.writeText("", out);
        Fields.writeText("é".repeat(100), out);
        Fields.writeBytes(new byte[] {1, 2, 3}, out);
        Fields.writeDoubles(new double[] {-0.0, Double.NaN, Double.NEGATIVE_INFINITY}, out);

        DataInputDeserializer in = written();
        assertThat(Fields.readList(in, DataInput::readUTF)).containsExactly("a", "b");
        assertThat(Fields.readOptional(in, DataInput::readInt)).contains(7);
        assertThat(Fields.readOptional(in, DataInput::readInt)).isEmpty();
        assertThat(Fields.readText(in)).isEmpty();
        assertThat(Fields.readText(in)).isEqualTo("é".repeat(100));
        assertThat(Fields.readBytes(in)).containsExactly(1, 2, 3);
        assertThat(Fields.readDoubles(in))
                .containsExactly(-0.0, Double.NaN, Double.NEGATIVE_INFINITY);
        assertThat(in.available()).isZero();
    }

    @Test
    void anEnumIsFoundByItsNameWhateverItsPosition() throws IOException {
        Fields.writeEnum(Before.SECOND, out);

        assertThat(Fields.readEnum(After.class, written())).isEqualTo(After.SECOND);
    }

    @Test
    void bytesThatEndTooEarlyAreAnError() throws IOException {
        Fields.writeBytes(new byte[8], out);
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer(), 0, 10);

        assertThatThrownBy(() -> Fields.readBytes(in)).isInstanceOf(EOFException.class);
    }

    private DataInputDeserializer written() {
        return new DataInputDeserializer(out.getCopyOfBuffer());
    }

    @Test
    void numbersTakeAsFewBytesAsTheyNeed() throws IOException {
        for (long value : new long[] {0, 1, 127, 128, 16_384, Long.MAX_VALUE}) {
            DataOutputSerializer number = new DataOutputSerializer(16);
            Fields.writeVarLong(value, number);
            int bits = Math.max(1, Long.SIZE - Long.numberOfLeadingZeros(value));
            assertThat(number.length()).isEqualTo((bits + 6) / 7);
            assertThat(Fields.readVarLong(new DataInputDeserializer(number.getCopyOfBuffer())))
                    .isEqualTo(value);
        }
    }

    @Test
    void aNumberThatDoesNotEndIsRefused() {
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0x80);
        assertThatThrownBy(() -> Fields.readVarLong(new DataInputDeserializer(endless)))
                .hasMessageContaining("more than ten bytes");
    }
}
