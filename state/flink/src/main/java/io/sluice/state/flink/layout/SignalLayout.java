package io.sluice.state.flink.layout;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.Signal;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a signal is stored. Version 1 wrote text in Java's own form, and the kind by its name. */
public enum SignalLayout implements Layout<Signal> {
    INSTANCE;

    @Override
    public Class<Signal> type() {
        return Signal.class;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(Signal signal, DataOutput out) throws IOException {
        Fields.writeText(signal.runId(), out);
        Fields.writeText(signal.specDigest(), out);
        out.writeLong(signal.attempt());
        out.writeLong(signal.round());
        out.writeBoolean(signal.subject().isGroup());
        Fields.writeText(signal.subject().id(), out);
        Fields.writeText(signal.reporter(), out);
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
        Fields.Reader<String> text = version == 1 ? DataInput::readUTF : Fields::readText;
        return new Signal(
                text.read(in),
                text.read(in),
                in.readLong(),
                in.readLong(),
                new Subject(kind(in, version), text.read(in)),
                text.read(in),
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

    private static Subject.Kind kind(DataInput in, int version) throws IOException {
        if (version == 1) {
            return Fields.readEnum(Subject.Kind.class, in);
        }
        return in.readBoolean() ? Subject.Kind.GROUP : Subject.Kind.TARGET;
    }
}
