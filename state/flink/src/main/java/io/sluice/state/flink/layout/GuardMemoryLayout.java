package io.sluice.state.flink.layout;

import io.sluice.core.controller.GuardMemory;
import io.sluice.core.guard.Governor;
import io.sluice.core.statistics.LearningCurve;
import io.sluice.core.statistics.Line;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/** How the memory of a run's guards is stored. */
public enum GuardMemoryLayout implements Layout<GuardMemory> {
    INSTANCE;

    @Override
    public Class<GuardMemory> type() {
        return GuardMemory.class;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(GuardMemory memory, DataOutput out) throws IOException {
        Fields.writeDoubles(memory.drawn(), out);
        Fields.writeDoubles(memory.losses(), out);
        out.writeDouble(memory.clock());
        out.writeBoolean(memory.rated());
        Fields.writeDoubles(memory.ceilingPrices(), out);
        Governor.Memory governor = memory.governor();
        Fields.writeDoubles(governor.prior().toArray(), out);
        out.writeInt(governor.priorRounds());
        Fields.writeDoubles(governor.window().toArray(), out);
        out.writeInt(governor.behind());
        out.writeBoolean(governor.returned());
        out.writeInt(governor.returns());
        Fields.writeOptional(
                governor.verdict(),
                out,
                (verdict, o) -> {
                    o.writeDouble(verdict.realised());
                    o.writeDouble(verdict.prior());
                    o.writeDouble(verdict.error());
                });
    }

    /** Before version 2, a clock that counted tokens was told by its sum. */
    @Override
    public GuardMemory read(DataInput in, int version) throws IOException {
        double[] drawn = Fields.readDoubles(in);
        double[] losses = Fields.readDoubles(in);
        double clock = in.readDouble();
        return new GuardMemory(
                drawn,
                losses,
                clock,
                version < 2 ? clock != Arrays.stream(drawn).sum() : in.readBoolean(),
                Fields.readDoubles(in),
                new Governor.Memory(
                        LearningCurve.of(Fields.readDoubles(in)),
                        in.readInt(),
                        Line.of(Fields.readDoubles(in)),
                        in.readInt(),
                        in.readBoolean(),
                        in.readInt(),
                        Fields.readOptional(
                                in,
                                i ->
                                        new Governor.Verdict(
                                                i.readDouble(), i.readDouble(), i.readDouble()))));
    }
}
