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

/**
 * How a reporter's statement is stored. Version 1 wrote text in Java's own form, and kinds and
 * outcomes by their names.
 */
public enum RoundClosedLayout implements Layout<RoundClosed> {
    INSTANCE;

    private static final int ACKNOWLEDGED = 1;
    private static final int ABSENT = 2;
    private static final int DROPPED = 3;

    @Override
    public Class<RoundClosed> type() {
        return RoundClosed.class;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(RoundClosed closed, DataOutput out) throws IOException {
        Fields.writeText(closed.runId(), out);
        Fields.writeText(closed.specDigest(), out);
        out.writeLong(closed.attempt());
        out.writeLong(closed.round());
        Fields.writeText(closed.reporter(), out);
        out.writeLong(closed.fromStep());
        out.writeLong(closed.throughStep());
        Fields.writeList(closed.outcomes(), out, RoundClosedLayout::writeOutcome);
        out.writeDouble(closed.learningRate());
        Fields.writeList(closed.evaluations(), out, RoundClosedLayout::writeEvaluation);
        out.writeLong(closed.nanos());
    }

    @Override
    public RoundClosed read(DataInput in, int version) throws IOException {
        Fields.Reader<String> text = version == 1 ? DataInput::readUTF : Fields::readText;
        return new RoundClosed(
                text.read(in),
                text.read(in),
                in.readLong(),
                in.readLong(),
                text.read(in),
                in.readLong(),
                in.readLong(),
                Fields.readList(
                        in,
                        version == 1
                                ? RoundClosedLayout::readFirstOutcome
                                : RoundClosedLayout::readOutcome),
                in.readDouble(),
                Fields.readList(in, RoundClosedLayout::readEvaluation),
                in.readLong());
    }

    private static void writeOutcome(SubjectOutcome outcome, DataOutput out) throws IOException {
        out.writeBoolean(outcome.kind() == Subject.Kind.GROUP);
        out.writeInt(outcome.index());
        out.writeInt(outcome.part());
        out.writeByte(
                switch (outcome.outcome()) {
                    case ACKNOWLEDGED -> ACKNOWLEDGED;
                    case ABSENT -> ABSENT;
                    case DROPPED -> DROPPED;
                });
    }

    private static SubjectOutcome readOutcome(DataInput in) throws IOException {
        return new SubjectOutcome(
                in.readBoolean() ? Subject.Kind.GROUP : Subject.Kind.TARGET,
                in.readInt(),
                in.readInt(),
                outcome(in.readUnsignedByte()));
    }

    private static Outcome outcome(int number) throws IOException {
        return switch (number) {
            case ACKNOWLEDGED -> Outcome.ACKNOWLEDGED;
            case ABSENT -> Outcome.ABSENT;
            case DROPPED -> Outcome.DROPPED;
            default -> throw new IOException("no outcome has the number " + number);
        };
    }

    private static SubjectOutcome readFirstOutcome(DataInput in) throws IOException {
        return new SubjectOutcome(
                Fields.readEnum(Subject.Kind.class, in),
                in.readInt(),
                in.readInt(),
                Fields.readEnum(Outcome.class, in));
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
