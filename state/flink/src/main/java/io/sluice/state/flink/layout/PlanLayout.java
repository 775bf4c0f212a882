package io.sluice.state.flink.layout;

import io.sluice.core.domain.GroupId;
import io.sluice.core.domain.Mixture;
import io.sluice.core.domain.Plan;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** How a plan is stored. */
public enum PlanLayout implements Layout<Plan> {
    INSTANCE;

    @Override
    public Class<Plan> type() {
        return Plan.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Plan plan, DataOutput out) throws IOException {
        out.writeUTF(plan.runId());
        out.writeLong(plan.attempt());
        out.writeLong(plan.epoch());
        out.writeUTF(plan.specDigest());
        out.writeLong(plan.round());
        out.writeLong(plan.version());
        out.writeUTF(plan.replaces());
        out.writeLong(plan.effectiveStep());
        Fields.writeList(plan.mixture().groups(), out, (group, o) -> o.writeUTF(group.value()));
        Fields.writeDoubles(plan.mixture().weights(), out);
        Fields.writeEnum(plan.label(), out);
        out.writeUTF(plan.digest());
    }

    @Override
    public Plan read(DataInput in, int version) throws IOException {
        return new Plan(
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readUTF(),
                in.readLong(),
                readMixture(in),
                Fields.readEnum(Plan.Label.class, in),
                in.readUTF());
    }

    private static Mixture readMixture(DataInput in) throws IOException {
        List<GroupId> groups = Fields.readList(in, i -> new GroupId(i.readUTF()));
        return Mixture.of(groups, Fields.readDoubles(in));
    }
}
