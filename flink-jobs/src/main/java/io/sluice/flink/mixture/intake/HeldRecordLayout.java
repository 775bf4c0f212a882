package io.sluice.flink.mixture.intake;

import io.sluice.flink.kafka.RawRecordLayout;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a held record is stored. */
enum HeldRecordLayout implements Layout<HeldRecord> {
    INSTANCE;

    @Override
    public Class<HeldRecord> type() {
        return HeldRecord.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(HeldRecord held, DataOutput out) throws IOException {
        RawRecordLayout.INSTANCE.put(held.raw(), out);
        out.writeLong(held.untilMillis());
    }

    @Override
    public HeldRecord read(DataInput in, int version) throws IOException {
        return new HeldRecord(RawRecordLayout.INSTANCE.take(in), in.readLong());
    }
}
