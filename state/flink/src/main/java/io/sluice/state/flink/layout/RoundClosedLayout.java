package io.sluice.state.flink.layout;

import io.sluice.core.domain.Subject;
import io.sluice.core.signal.RoundClosed;
import io.sluice.core.signal.RoundClosed.Evaluation;
import io.sluice.core.signal.RoundClosed.Outcome;
import io.sluice.core.signal.RoundClosed.SubjectOutcome;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a reporter's statement is stored. */
public enum RoundClosedLayout implements Layout<RoundClosed> {
    INSTANCE;

    @Override
    public Class<RoundClosed> type() {
        return RoundClosed.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(RoundClosed closed, DataOutput out) throws IOException {
        out.writeUTF(closed.runId());
        out.writeUTF(closed.specDigest());
        out.writeLong(closed.attempt());
        out.writeLong(closed.round());
        out.writeUTF(closed.reporter());
        out.writeLong(closed.fromStep());
        out.writeLong(closed.throughStep());
        Fields.writeList(
                closed.outcomes(),
                out,
                (outcome, o) -> {
                    Fields.writeEnum(outcome.kind(), o);
                    o.writeInt(outcome.index());
                    o.writeInt(outcome.part());
                    Fields.writeEnum(outcome.outcome(), o);
                });
        out.writeDouble(closed.learningRate());
        Fields.writeList(closed.evaluations(), out, RoundClosedLayout::writeEvaluation);
        out.writeLong(closed.nanos());
    }

    @Override
    public RoundClosed read(DataInput in, int version) throws IOException {
        return new RoundClosed(
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                Fields.readList(
                        in,
                        i ->
                                new SubjectOutcome(
                                        Fields.readEnum(Subject.Kind.class, i),
                                        i.readInt(),
                                        i.readInt(),
                                        Fields.readEnum(Outcome.class, i))),
                in.readDouble(),
                Fields.readList(in, RoundClosedLayout::readEvaluation),
                in.readLong());
    }

    static void writeEvaluation(Evaluation evaluation, DataOutput out) throws IOException {
        out.writeInt(evaluation.target());
        out.writeDouble(evaluation.loss());
        out.writeLong(evaluation.tokens());
    }

    static Evaluation readEvaluation(DataInput in) throws IOException {
        return new Evaluation(in.readInt(), in.readDouble(), in.readLong());
    }
}
