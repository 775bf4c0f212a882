package io.sluice.state.flink.layout;

import io.sluice.core.candidate.admission.Admitted;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a document that was let in is remembered. */
public enum AdmittedLayout implements Layout<Admitted> {
    INSTANCE;

    @Override
    public Class<Admitted> type() {
        return Admitted.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Admitted admitted, DataOutput out) throws IOException {
        Fields.writeVarLong(admitted.source(), out);
        Fields.writeVarLong(admitted.tokens(), out);
    }

    @Override
    public Admitted read(DataInput in, int version) throws IOException {
        return new Admitted((int) Fields.readVarLong(in), Fields.readVarLong(in));
    }
}
