package io.sluice.state.flink.layout;

import io.sluice.core.controller.AlignmentAverages;
import io.sluice.core.controller.GuardMemory;
import io.sluice.core.controller.Snapshot;
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

/** How a snapshot of a run's statistics is stored. */
public enum SnapshotLayout implements Layout<Snapshot> {
    INSTANCE;

    @Override
    public Class<Snapshot> type() {
        return Snapshot.class;
    }

    @Override
    public int version() {
        return 4;
    }

    @Override
    public void write(Snapshot snapshot, DataOutput out) throws IOException {
        out.writeLong(snapshot.nextRound());
        writeAverages(snapshot.averages(), out);
        writeMemory(snapshot.memory(), out);
        GuardMemoryLayout.INSTANCE.put(snapshot.guards(), out);
        out.writeLong(snapshot.lineage());
    }

    @Override
    public Snapshot read(DataInput in, int version) throws IOException {
        long nextRound = in.readLong();
        AlignmentAverages averages = readAverages(in);
        return new Snapshot(
                nextRound,
                averages,
                readMemory(in),
                version < 2
                        ? GuardMemory.empty(averages.measured().length, averages.mean().length)
                        : GuardMemoryLayout.INSTANCE.take(in),
                version < 3 ? 0 : in.readLong());
    }

    static void writeAverages(AlignmentAverages averages, DataOutput out) throws IOException {
        out.writeInt(averages.measured().length);
        for (boolean measured : averages.measured()) {
            out.writeBoolean(measured);
        }
        Fields.writeList(Arrays.asList(averages.mean()), out, Fields::writeDoubles);
        Fields.writeList(Arrays.asList(averages.variance()), out, Fields::writeDoubles);
    }

    static AlignmentAverages readAverages(DataInput in) throws IOException {
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

    static void writeMemory(PolicyMemory memory, DataOutput out) throws IOException {
        out.writeInt(memory.vectors().size());
        for (Map.Entry<String, double[]> vector : memory.vectors().entrySet()) {
            out.writeUTF(vector.getKey());
            Fields.writeDoubles(vector.getValue(), out);
        }
    }

    static PolicyMemory readMemory(DataInput in) throws IOException {
        TreeMap<String, double[]> vectors = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            vectors.put(in.readUTF(), Fields.readDoubles(in));
        }
        return new PolicyMemory(vectors);
    }
}
