package io.sluice.flink.kafka;

import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a raw record is sent between stages, and stored while it is held back. */
public enum RawRecordLayout implements Layout<RawRecord> {
    INSTANCE;

    @Override
    public Class<RawRecord> type() {
        return RawRecord.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(RawRecord value, DataOutput out) throws IOException {
        out.writeUTF(value.topic());
        out.writeInt(value.partition());
        out.writeLong(value.offset());
        out.writeUTF(value.key());
        Fields.writeBytes(value.value(), out);
    }

    @Override
    public RawRecord read(DataInput in, int version) throws IOException {
        return new RawRecord(
                in.readUTF(), in.readInt(), in.readLong(), in.readUTF(), Fields.readBytes(in));
    }
}
