package io.sluice.state.flink.layout;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.GroupSpec;
import io.sluice.core.domain.GuardSpec;
import io.sluice.core.domain.Mode;
import io.sluice.core.domain.PolicySpec;
import io.sluice.core.domain.RoundSpec;
import io.sluice.core.domain.RunSpec;
import io.sluice.core.domain.SketchSpec;
import io.sluice.core.domain.Supply;
import io.sluice.core.domain.TargetId;
import io.sluice.core.domain.TargetSpec;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** How a run's declaration is stored. */
public enum RunSpecLayout implements Layout<RunSpec> {
    INSTANCE;

    /** Stands for a target without a ceiling; ceilings are positive. */
    private static final double NO_CEILING = 0;

    @Override
    public Class<RunSpec> type() {
        return RunSpec.class;
    }

    @Override
    public int version() {
        return 4;
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
                    Fields.writeOptional(group.supply(), o, RunSpecLayout::writeSupply);
                    o.writeBoolean(group.dormant());
                });
        Fields.writeList(
                spec.targets(),
                out,
                (target, o) -> {
                    o.writeUTF(target.id().value());
                    o.writeDouble(target.weight());
                    o.writeDouble(target.ceiling().orElse(NO_CEILING));
                });
        writePolicy(spec.policy(), out);
        GuardSpec guards = spec.guards();
        out.writeDouble(guards.priorPull());
        out.writeDouble(guards.maxKl());
        out.writeDouble(guards.signalDecay());
        out.writeInt(guards.minGroupSequences());
        out.writeInt(guards.minTargetSequences());
        out.writeDouble(guards.deadBand());
        out.writeInt(guards.coolDownRounds());
        out.writeInt(guards.governorRounds());
        out.writeLong(guards.plannedTokens());
        out.writeInt(spec.rounds().steps());
        out.writeInt(spec.rounds().leadSteps());
        out.writeLong(spec.rounds().warmUpSteps());
        out.writeDouble(spec.rounds().leastReporters());
        out.writeInt(spec.sketch().dimension());
        out.writeLong(spec.sketch().seed());
        out.writeInt(spec.shards());
        out.writeLong(spec.seed());
        Fields.writeEnum(spec.mode(), out);
        out.writeUTF(spec.digest());
        Fields.writeOptional(spec.catalog(), out, (catalog, o) -> o.writeUTF(catalog));
    }

    @Override
    public RunSpec read(DataInput in, int version) throws IOException {
        return new RunSpec(
                in.readUTF(),
                Fields.readList(in, i -> readGroup(i, version)),
                Fields.readList(in, i -> readTarget(i, version)),
                readPolicy(in),
                readGuards(in, version),
                new RoundSpec(
                        in.readInt(),
                        in.readInt(),
                        in.readLong(),
                        version < 4 ? 1 : in.readDouble()),
                new SketchSpec(in.readInt(), in.readLong()),
                in.readInt(),
                in.readLong(),
                Fields.readEnum(Mode.class, in),
                in.readUTF(),
                version < 3 ? Optional.empty() : Fields.readOptional(in, DataInput::readUTF));
    }

    private static void writeSupply(Supply supply, DataOutput out) throws IOException {
        out.writeLong(supply.uniqueTokens());
        out.writeDouble(supply.maxEpochs());
    }

    private static GroupSpec readGroup(DataInput in, int version) throws IOException {
        return new GroupSpec(
                new GroupId(in.readUTF()),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                version < 2
                        ? Optional.empty()
                        : Fields.readOptional(in, i -> new Supply(i.readLong(), i.readDouble())),
                version >= 3 && in.readBoolean());
    }

    private static TargetSpec readTarget(DataInput in, int version) throws IOException {
        TargetId id = new TargetId(in.readUTF());
        double weight = in.readDouble();
        double ceiling = version < 2 ? NO_CEILING : in.readDouble();
        return ceiling == NO_CEILING
                ? new TargetSpec(id, weight)
                : new TargetSpec(id, weight, OptionalDouble.of(ceiling));
    }

    private static GuardSpec readGuards(DataInput in, int version) throws IOException {
        double priorPull = in.readDouble();
        double maxKl = in.readDouble();
        double signalDecay = in.readDouble();
        int groupSequences = in.readInt();
        int targetSequences = in.readInt();
        return version < 2
                ? new GuardSpec(priorPull, maxKl, signalDecay, groupSequences, targetSequences)
                : new GuardSpec(
                        priorPull,
                        maxKl,
                        signalDecay,
                        groupSequences,
                        targetSequences,
                        in.readDouble(),
                        in.readInt(),
                        in.readInt(),
                        in.readLong());
    }

    static void writePolicy(PolicySpec policy, DataOutput out) throws IOException {
        out.writeUTF(policy.name());
        out.writeInt(policy.options().size());
        for (Map.Entry<String, Double> option : policy.options().entrySet()) {
            out.writeUTF(option.getKey());
            out.writeDouble(option.getValue());
        }
    }

    static PolicySpec readPolicy(DataInput in) throws IOException {
        String name = in.readUTF();
        TreeMap<String, Double> options = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            options.put(in.readUTF(), in.readDouble());
        }
        return new PolicySpec(name, options);
    }
}
