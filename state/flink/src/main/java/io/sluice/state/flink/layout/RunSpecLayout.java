package io.sluice.state.flink.layout;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** How a run's declaration is stored. */
public enum RunSpecLayout implements Layout<RunSpec> {
    INSTANCE;

    @Override
    public Class<RunSpec> type() {
        return RunSpec.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(RunSpec spec, DataOutput out) throws IOException {
        out.writeUTF(spec.runId());
        Fields.writeList(
                spec.groups(),
                out,
                (group, o) -> {
                    o.writeUTF(group.id().value());
                    o.writeDouble(group.prior());
                    o.writeDouble(group.floor());
                    o.writeDouble(group.cap());
                });
        Fields.writeList(
                spec.targets(),
                out,
                (target, o) -> {
                    o.writeUTF(target.id().value());
                    o.writeDouble(target.weight());
                });
        writePolicy(spec.policy(), out);
        GuardSpec guards = spec.guards();
        out.writeDouble(guards.priorPull());
        out.writeDouble(guards.maxKl());
        out.writeDouble(guards.signalDecay());
        out.writeInt(guards.minGroupSequences());
        out.writeInt(guards.minTargetSequences());
        out.writeInt(spec.rounds().steps());
        out.writeInt(spec.rounds().leadSteps());
        out.writeLong(spec.rounds().warmUpSteps());
        out.writeInt(spec.sketch().dimension());
        out.writeLong(spec.sketch().seed());
        out.writeInt(spec.shards());
        out.writeLong(spec.seed());
        Fields.writeEnum(spec.mode(), out);
        out.writeUTF(spec.digest());
    }

    @Override
    public RunSpec read(DataInput in, int version) throws IOException {
        return new RunSpec(
                in.readUTF(),
                Fields.readList(
                        in,
                        i ->
                                new GroupSpec(
                                        new GroupId(i.readUTF()),
                                        i.readDouble(),
                                        i.readDouble(),
                                        i.readDouble())),
                Fields.readList(in, i -> new TargetSpec(new TargetId(i.readUTF()), i.readDouble())),
                readPolicy(in),
                new GuardSpec(
                        in.readDouble(),
                        in.readDouble(),
                        in.readDouble(),
                        in.readInt(),
                        in.readInt()),
                new RoundSpec(in.readInt(), in.readInt(), in.readLong()),
                new SketchSpec(in.readInt(), in.readLong()),
                in.readInt(),
                in.readLong(),
                Fields.readEnum(Mode.class, in),
                in.readUTF());
    }

    private static void writePolicy(PolicySpec policy, DataOutput out) throws IOException {
        out.writeUTF(policy.name());
        out.writeInt(policy.options().size());
        for (Map.Entry<String, Double> option : policy.options().entrySet()) {
            out.writeUTF(option.getKey());
            out.writeDouble(option.getValue());
        }
    }

    private static PolicySpec readPolicy(DataInput in) throws IOException {
        String name = in.readUTF();
        TreeMap<String, Double> options = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            options.put(in.readUTF(), in.readDouble());
        }
        return new PolicySpec(name, options);
    }
}
