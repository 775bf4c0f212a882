package io.sluice.state.flink.layout;

import io.sluice.core.domain.Attempt;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How an attempt is stored. */
public enum AttemptLayout implements Layout<Attempt> {
    INSTANCE;

    @Override
    public Class<Attempt> type() {
        return Attempt.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Attempt attempt, DataOutput out) throws IOException {
        out.writeUTF(attempt.runId());
        out.writeLong(attempt.number());
        out.writeUTF(attempt.specDigest());
        out.writeLong(attempt.resumeStep());
        Fields.writeList(attempt.reporters(), out, (reporter, o) -> o.writeUTF(reporter));
        PlanLayout.INSTANCE.put(attempt.inForce(), out);
    }

    @Override
    public Attempt read(DataInput in, int version) throws IOException {
        return new Attempt(
                in.readUTF(),
                in.readLong(),
                in.readUTF(),
                in.readLong(),
                Fields.readList(in, DataInput::readUTF),
                PlanLayout.INSTANCE.take(in));
    }
}
