package io.sluice.state.flink.layout;

import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.ControllerState;
import io.sluice.core.policy.PolicyMemory;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a controller's memory of a run is stored. */
public enum ControllerStateLayout implements Layout<ControllerState> {
    INSTANCE;

    @Override
    public Class<ControllerState> type() {
        return ControllerState.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(ControllerState state, DataOutput out) throws IOException {
        RunSpecLayout.INSTANCE.put(state.spec(), out);
        AttemptLayout.INSTANCE.put(state.attempt(), out);
        PlanLayout.INSTANCE.put(state.inForce(), out);
        out.writeLong(state.nextRound());
        writeAverages(state.averages(), out);
        writeMemory(state.memory(), out);
        Fields.writeList(state.pending(), out, ShardRoundLayout.INSTANCE::put);
    }

    @Override
    public ControllerState read(DataInput in, int version) throws IOException {
        return new ControllerState(
                RunSpecLayout.INSTANCE.take(in),
                AttemptLayout.INSTANCE.take(in),
                PlanLayout.INSTANCE.take(in),
                in.readLong(),
                readAverages(in),
                readMemory(in),
                Fields.readList(in, ShardRoundLayout.INSTANCE::take));
    }

    private static void writeAverages(AlignmentAverages averages, DataOutput out)
            throws IOException {
        out.writeInt(averages.measured().length);
        for (boolean measured : averages.measured()) {
            out.writeBoolean(measured);
        }
        Fields.writeList(Arrays.asList(averages.mean()), out, Fields::writeDoubles);
        Fields.writeList(Arrays.asList(averages.variance()), out, Fields::writeDoubles);
    }

    private static AlignmentAverages readAverages(DataInput in) throws IOException {
        boolean[] measured = new boolean[in.readInt()];
        for (int j = 0; j < measured.length; j++) {
            measured[j] = in.readBoolean();
        }
        return new AlignmentAverages(measured, readRows(in), readRows(in));
    }

    private static double[][] readRows(DataInput in) throws IOException {
        List<double[]> rows = Fields.readList(in, Fields::readDoubles);
        return rows.toArray(new double[0][]);
    }

    private static void writeMemory(PolicyMemory memory, DataOutput out) throws IOException {
        out.writeInt(memory.vectors().size());
        for (Map.Entry<String, double[]> vector : memory.vectors().entrySet()) {
            out.writeUTF(vector.getKey());
            Fields.writeDoubles(vector.getValue(), out);
        }
    }

    private static PolicyMemory readMemory(DataInput in) throws IOException {
        TreeMap<String, double[]> vectors = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            vectors.put(in.readUTF(), Fields.readDoubles(in));
        }
        return new PolicyMemory(vectors);
    }
}
