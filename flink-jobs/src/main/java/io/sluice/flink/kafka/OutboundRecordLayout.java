package io.sluice.flink.kafka;

import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How an outbound record is sent between stages. */
public enum OutboundRecordLayout implements Layout<OutboundRecord> {
    INSTANCE;

    @Override
    public Class<OutboundRecord> type() {
        return OutboundRecord.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(OutboundRecord value, DataOutput out) throws IOException {
        out.writeUTF(value.topic());
        out.writeUTF(value.key());
        Fields.writeBytes(value.value(), out);
    }

    @Override
    public OutboundRecord read(DataInput in, int version) throws IOException {
        return new OutboundRecord(in.readUTF(), in.readUTF(), Fields.readBytes(in));
    }
}
