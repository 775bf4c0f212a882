package io.sluice.state.flink.layout;

import io.sluice.core.catalog.GroupNews;
import io.sluice.core.control.Membership;
import io.sluice.core.control.OperatorCommand.Kind;
import io.sluice.core.control.Overrides;
import io.sluice.core.control.Overrides.Pin;
import io.sluice.core.control.Overrides.Rollback;
import io.sluice.core.control.Overrides.Ruled;
import io.sluice.core.control.Overrides.Standing;
import io.sluice.core.domain.GroupId;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** How operators' words are stored. */
public enum OverridesLayout implements Layout<Overrides> {
    INSTANCE;

    @Override
    public Class<Overrides> type() {
        return Overrides.class;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(Overrides overrides, DataOutput out) throws IOException {
        Fields.writeList(
                List.copyOf(overrides.pins().entrySet()),
                out,
                (pin, o) -> {
                    o.writeUTF(pin.getKey().value());
                    o.writeDouble(pin.getValue().share());
                    o.writeUTF(pin.getValue().command());
                });
        Fields.writeList(
                List.copyOf(overrides.exclusions().entrySet()),
                out,
                (exclusion, o) -> {
                    o.writeUTF(exclusion.getKey().value());
                    o.writeUTF(exclusion.getValue());
                });
        Fields.writeOptional(overrides.freeze(), out, (command, o) -> o.writeUTF(command));
        Fields.writeOptional(
                overrides.policy(),
                out,
                (ruled, o) -> {
                    OperatorCommandLayout.writeChange(ruled.change(), o);
                    o.writeUTF(ruled.command());
                });
        Fields.writeList(
                overrides.standing(),
                out,
                (standing, o) -> {
                    o.writeUTF(standing.command());
                    Fields.writeEnum(standing.kind(), o);
                    OperatorCommandLayout.writeStep(standing.untilStep(), o);
                });
        writeGroups(overrides.returning(), out);
        Fields.writeOptional(
                overrides.rollback(),
                out,
                (rollback, o) -> {
                    o.writeUTF(rollback.command());
                    OperatorCommandLayout.writeMixture(rollback.mixture(), o);
                    Fields.writeOptional(rollback.plan(), o, (plan, p) -> p.writeUTF(plan));
                });
        Fields.writeList(overrides.waiting(), out, OperatorCommandLayout.INSTANCE::put);
        Fields.writeList(overrides.heeded(), out, (command, o) -> o.writeUTF(command));
        Fields.writeList(overrides.dropped(), out, (command, o) -> o.writeUTF(command));
        out.writeLong(overrides.memorySince());
        writeMembership(overrides.membership(), out);
    }

    @Override
    public Overrides read(DataInput in, int version) throws IOException {
        SortedMap<GroupId, Pin> pins = new TreeMap<>();
        int pinned = in.readInt();
        for (int i = 0; i < pinned; i++) {
            pins.put(OperatorCommandLayout.readGroup(in), new Pin(in.readDouble(), in.readUTF()));
        }
        SortedMap<GroupId, String> exclusions = new TreeMap<>();
        int excluded = in.readInt();
        for (int i = 0; i < excluded; i++) {
            exclusions.put(OperatorCommandLayout.readGroup(in), in.readUTF());
        }
        return new Overrides(
                pins,
                exclusions,
                Fields.readOptional(in, DataInput::readUTF),
                Fields.readOptional(
                        in, i -> new Ruled(OperatorCommandLayout.readChange(i), i.readUTF())),
                Fields.readList(
                        in,
                        i ->
                                new Standing(
                                        i.readUTF(),
                                        Fields.readEnum(Kind.class, i),
                                        OperatorCommandLayout.readStep(i))),
                readGroups(in),
                Fields.readOptional(
                        in,
                        i ->
                                new Rollback(
                                        i.readUTF(),
                                        OperatorCommandLayout.readMixture(i),
                                        Fields.readOptional(i, DataInput::readUTF))),
                Fields.readList(in, OperatorCommandLayout.INSTANCE::take),
                Fields.readList(in, DataInput::readUTF),
                Fields.readList(in, DataInput::readUTF),
                in.readLong(),
                version < 2 ? Membership.DECLARED : readMembership(in));
    }

    private static void writeMembership(Membership membership, DataOutput out) throws IOException {
        writeGroups(membership.added(), out);
        writeGroups(membership.retired(), out);
        Fields.writeList(
                List.copyOf(membership.heeded().entrySet()),
                out,
                (heeded, o) -> {
                    o.writeUTF(heeded.getKey().value());
                    Fields.writeEnum(heeded.getValue(), o);
                });
    }

    private static Membership readMembership(DataInput in) throws IOException {
        SortedSet<GroupId> added = readGroups(in);
        SortedSet<GroupId> retired = readGroups(in);
        SortedMap<GroupId, GroupNews.State> heeded = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            heeded.put(
                    OperatorCommandLayout.readGroup(in),
                    Fields.readEnum(GroupNews.State.class, in));
        }
        return new Membership(added, retired, heeded);
    }

    private static void writeGroups(SortedSet<GroupId> groups, DataOutput out) throws IOException {
        Fields.writeList(List.copyOf(groups), out, (group, o) -> o.writeUTF(group.value()));
    }

    private static SortedSet<GroupId> readGroups(DataInput in) throws IOException {
        return new TreeSet<>(Fields.readList(in, OperatorCommandLayout::readGroup));
    }
}
