package io.sluice.state.flink.layout;

import io.sluice.core.sequence.PlanAck;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a bridge's answer is sent between stages. */
public enum PlanAckLayout implements Layout<PlanAck> {
    INSTANCE;

    @Override
    public Class<PlanAck> type() {
        return PlanAck.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(PlanAck ack, DataOutput out) throws IOException {
        out.writeUTF(ack.runId());
        out.writeLong(ack.attempt());
        out.writeLong(ack.offeredVersion());
        out.writeUTF(ack.offeredDigest());
        out.writeLong(ack.offeredEpoch());
        Fields.writeEnum(ack.verdict(), out);
        PlanLayout.INSTANCE.put(ack.inForce(), out);
    }

    @Override
    public PlanAck read(DataInput in, int version) throws IOException {
        return new PlanAck(
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readUTF(),
                in.readLong(),
                Fields.readEnum(PlanAck.Verdict.class, in),
                PlanLayout.INSTANCE.take(in));
    }
}
