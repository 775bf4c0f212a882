package io.sluice.state.flink.layout;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a signal is stored. */
public enum SignalLayout implements Layout<Signal> {
    INSTANCE;

    @Override
    public Class<Signal> type() {
        return Signal.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Signal signal, DataOutput out) throws IOException {
        out.writeUTF(signal.runId());
        out.writeUTF(signal.specDigest());
        out.writeLong(signal.attempt());
        out.writeLong(signal.round());
        Fields.writeEnum(signal.subject().kind(), out);
        out.writeUTF(signal.subject().id());
        out.writeUTF(signal.reporter());
        out.writeInt(signal.part());
        out.writeLong(signal.fromStep());
        out.writeLong(signal.throughStep());
        Fields.writeList(
                signal.plans(),
                out,
                (plan, o) -> {
                    o.writeLong(plan.version());
                    o.writeLong(plan.tokens());
                });
        out.writeLong(signal.tokens());
        out.writeLong(signal.sequences());
        out.writeDouble(signal.lossSum());
        out.writeDouble(signal.lossSquareSum());
        Fields.writeBytes(signal.sketch(), out);
    }

    @Override
    public Signal read(DataInput in, int version) throws IOException {
        return new Signal(
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                new Subject(Fields.readEnum(Subject.Kind.class, in), in.readUTF()),
                in.readUTF(),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                Fields.readList(in, i -> new Signal.PlanTokens(i.readLong(), i.readLong())),
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                Fields.readBytes(in));
    }
}
