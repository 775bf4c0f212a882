package io.sluice.state.flink.layout;

import io.sluice.core.control.OperatorCommand;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.PolicyChange;
import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.PolicySpec;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** How an operator's command is stored while it waits. */
public enum OperatorCommandLayout implements Layout<OperatorCommand> {
    INSTANCE;

    @Override
    public Class<OperatorCommand> type() {
        return OperatorCommand.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(OperatorCommand command, DataOutput out) throws IOException {
        out.writeUTF(command.runId());
        out.writeUTF(command.id());
        Fields.writeEnum(command.kind(), out);
        out.writeUTF(command.who());
        out.writeUTF(command.why());
        writeStep(command.untilStep(), out);
        Fields.writeList(
                List.copyOf(command.groups()), out, (group, o) -> o.writeUTF(group.value()));
        writeShares(command.pins(), out);
        Fields.writeOptional(command.rollback(), out, OperatorCommandLayout::writeMixture);
        Fields.writeOptional(command.policy(), out, OperatorCommandLayout::writeChange);
    }

    @Override
    public OperatorCommand read(DataInput in, int version) throws IOException {
        return new OperatorCommand(
                in.readUTF(),
                in.readUTF(),
                Fields.readEnum(Kind.class, in),
                in.readUTF(),
                in.readUTF(),
                readStep(in),
                new TreeSet<>(Fields.readList(in, OperatorCommandLayout::readGroup)),
                readShares(in),
                Fields.readOptional(in, OperatorCommandLayout::readMixture),
                Fields.readOptional(in, OperatorCommandLayout::readChange));
    }

    static void writeStep(OptionalLong step, DataOutput out) throws IOException {
        out.writeBoolean(step.isPresent());
        if (step.isPresent()) {
            out.writeLong(step.getAsLong());
        }
    }

    static OptionalLong readStep(DataInput in) throws IOException {
        return in.readBoolean() ? OptionalLong.of(in.readLong()) : OptionalLong.empty();
    }

    static GroupId readGroup(DataInput in) throws IOException {
        return new GroupId(in.readUTF());
    }

    static void writeMixture(Mixture mixture, DataOutput out) throws IOException {
        Fields.writeList(mixture.groups(), out, (group, o) -> o.writeUTF(group.value()));
        Fields.writeDoubles(mixture.weights(), out);
    }

    static Mixture readMixture(DataInput in) throws IOException {
        List<GroupId> groups = Fields.readList(in, OperatorCommandLayout::readGroup);
        return Mixture.of(groups, Fields.readDoubles(in));
    }

    static void writeChange(PolicyChange change, DataOutput out) throws IOException {
        Fields.writeOptional(change.policy(), out, RunSpecLayout::writePolicy);
        writeShares(change.floors(), out);
        writeShares(change.caps(), out);
        writeNumber(change.maxKl(), out);
        writeNumber(change.priorPull(), out);
    }

    static PolicyChange readChange(DataInput in) throws IOException {
        return new PolicyChange(
                Fields.<PolicySpec>readOptional(in, RunSpecLayout::readPolicy),
                readShares(in),
                readShares(in),
                readNumber(in),
                readNumber(in));
    }

    private static void writeNumber(OptionalDouble number, DataOutput out) throws IOException {
        out.writeBoolean(number.isPresent());
        if (number.isPresent()) {
            out.writeDouble(number.getAsDouble());
        }
    }

    private static OptionalDouble readNumber(DataInput in) throws IOException {
        return in.readBoolean() ? OptionalDouble.of(in.readDouble()) : OptionalDouble.empty();
    }

    private static void writeShares(SortedMap<GroupId, Double> shares, DataOutput out)
            throws IOException {
        Fields.writeList(
                List.copyOf(shares.entrySet()),
                out,
                (share, o) -> {
                    o.writeUTF(share.getKey().value());
                    o.writeDouble(share.getValue());
                });
    }

    private static SortedMap<GroupId, Double> readShares(DataInput in) throws IOException {
        SortedMap<GroupId, Double> shares = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            shares.put(readGroup(in), in.readDouble());
        }
        return shares;
    }
}
