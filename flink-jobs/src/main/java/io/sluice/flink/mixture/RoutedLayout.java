package io.sluice.flink.mixture;

import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How a routed event is sent between stages. */
public enum RoutedLayout implements Layout<Routed> {
    INSTANCE;

    @Override
    public Class<Routed> type() {
        return Routed.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(Routed routed, DataOutput out) throws IOException {
        out.writeInt(routed.shard());
        StageEventLayout.INSTANCE.put(routed.event(), out);
    }

    @Override
    public Routed read(DataInput in, int version) throws IOException {
        return new Routed(in.readInt(), StageEventLayout.INSTANCE.take(in));
    }
}
