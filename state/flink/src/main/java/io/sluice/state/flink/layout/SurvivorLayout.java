package io.sluice.state.flink.layout;

import io.sluice.core.candidate.dedup.Position;
import io.sluice.core.candidate.dedup.Survivor;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a document is remembered. There are millions of them, so every byte counts. */
public enum SurvivorLayout implements Layout<Survivor> {
    INSTANCE;

    @Override
    public Class<Survivor> type() {
        return Survivor.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Survivor survivor, DataOutput out) throws IOException {
        out.writeUTF(survivor.id());
        Fields.writeVarLong(survivor.position().partition(), out);
        Fields.writeVarLong(survivor.position().offset(), out);
        out.writeLong(survivor.hashLow());
        out.writeBoolean(survivor.emitted());
        Fields.writeVarLong(survivor.sketch().length, out);
        out.write(survivor.sketch());
    }

    @Override
    public Survivor read(DataInput in, int version) throws IOException {
        String id = in.readUTF();
        Position position = new Position((int) Fields.readVarLong(in), Fields.readVarLong(in));
        long hashLow = in.readLong();
        boolean emitted = in.readBoolean();
        byte[] sketch = new byte[(int) Fields.readVarLong(in)];
        in.readFully(sketch);
        return new Survivor(id, position, hashLow, emitted, sketch);
    }
}
