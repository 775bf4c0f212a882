package io.sluice.state.flink.layout;

import io.sluice.core.round.ShardRound;
import io.sluice.core.round.ShardRound.Counts;
import io.sluice.core.round.ShardRound.GroupGradient;
import io.sluice.core.round.ShardRound.GroupRound;
import io.sluice.core.round.ShardRound.Influence;
import io.sluice.core.round.ShardRound.Status;
import io.sluice.core.round.ShardRound.TargetRound;
import io.sluice.core.statistics.GradientStatistics.SquaredNorm;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** How a shard's result is stored and sent. */
public enum ShardRoundLayout implements Layout<ShardRound> {
    INSTANCE;

    @Override
    public Class<ShardRound> type() {
        return ShardRound.class;
    }

    @Override
    public int version() {
        return 3;
    }

    @Override
    public void write(ShardRound round, DataOutput out) throws IOException {
        out.writeUTF(round.runId());
        out.writeUTF(round.specDigest());
        out.writeLong(round.attempt());
        out.writeLong(round.firstRound());
        out.writeLong(round.round());
        out.writeInt(round.shard());
        out.writeLong(round.throughStep());
        Fields.writeEnum(round.status(), out);
        Fields.writeList(round.reporters(), out, (reporter, o) -> o.writeUTF(reporter));
        Fields.writeList(round.groups(), out, ShardRoundLayout::writeGroup);
        Fields.writeList(round.targets(), out, ShardRoundLayout::writeTarget);
        Fields.writeList(round.evaluations(), out, RoundClosedLayout::writeEvaluation);
        out.writeDouble(round.learningRate());
        writeCounts(round.counts(), out);
    }

    @Override
    public ShardRound read(DataInput in, int version) throws IOException {
        return new ShardRound(
                in.readUTF(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readLong(),
                Fields.readEnum(Status.class, in),
                version < 2 ? List.of() : Fields.readList(in, DataInput::readUTF),
                Fields.readList(in, i -> readGroup(i, version)),
                Fields.readList(in, ShardRoundLayout::readTarget),
                Fields.readList(in, RoundClosedLayout::readEvaluation),
                in.readDouble(),
                readCounts(in));
    }

    /** Writes totals of signals. */
    public static void writeCounts(Counts counts, DataOutput out) throws IOException {
        out.writeLong(counts.accepted());
        out.writeLong(counts.duplicates());
        out.writeLong(counts.late());
    }

    /** Reads totals of signals. */
    public static Counts readCounts(DataInput in) throws IOException {
        return new Counts(in.readLong(), in.readLong(), in.readLong());
    }

    private static void writeGroup(GroupRound group, DataOutput out) throws IOException {
        out.writeInt(group.index());
        out.writeLong(group.tokens());
        out.writeLong(group.sequences());
        out.writeDouble(group.lossSum());
        out.writeDouble(group.lossSquareSum());
        Fields.writeOptional(group.gradient(), out, ShardRoundLayout::writeGradient);
    }

    private static GroupRound readGroup(DataInput in, int version) throws IOException {
        return new GroupRound(
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                Fields.readOptional(in, i -> readGradient(i, version)));
    }

    private static void writeGradient(GroupGradient gradient, DataOutput out) throws IOException {
        writeNorm(gradient.squaredNorm(), out);
        Fields.writeDoubles(gradient.alignment(), out);
        Fields.writeDoubles(gradient.variance(), out);
        Fields.writeOptional(
                gradient.influence(),
                out,
                (influence, o) -> {
                    Fields.writeDoubles(influence.cosine(), o);
                    Fields.writeDoubles(influence.variance(), o);
                });
        Fields.writeOptional(gradient.products(), out, Fields::writeDoubles);
    }

    /**
     * Before version 3, influence and products stood behind the alignments. They stay there, where
     * nobody looks: a round that waits while the job is replaced is decided on without them.
     */
    private static GroupGradient readGradient(DataInput in, int version) throws IOException {
        SquaredNorm norm = readNorm(in);
        double[] alignment = Fields.readDoubles(in);
        double[] variance = Fields.readDoubles(in);
        return version < 3
                ? new GroupGradient(norm, alignment, variance)
                : new GroupGradient(
                        norm,
                        alignment,
                        variance,
                        Fields.readOptional(
                                in,
                                i -> new Influence(Fields.readDoubles(i), Fields.readDoubles(i))),
                        Fields.readOptional(in, Fields::readDoubles));
    }

    private static void writeTarget(TargetRound target, DataOutput out) throws IOException {
        out.writeInt(target.index());
        out.writeLong(target.tokens());
        out.writeLong(target.sequences());
        out.writeDouble(target.lossSum());
        Fields.writeOptional(target.gradient(), out, ShardRoundLayout::writeNorm);
    }

    private static TargetRound readTarget(DataInput in) throws IOException {
        return new TargetRound(
                in.readInt(),
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                Fields.readOptional(in, ShardRoundLayout::readNorm));
    }

    private static void writeNorm(SquaredNorm norm, DataOutput out) throws IOException {
        out.writeDouble(norm.pooled());
        out.writeDouble(norm.unbiased());
    }

    private static SquaredNorm readNorm(DataInput in) throws IOException {
        return new SquaredNorm(in.readDouble(), in.readDouble());
    }
}
