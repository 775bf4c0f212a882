package io.sluice.state.flink.layout;

import io.sluice.core.candidate.admission.GroupStock;
import io.sluice.core.candidate.score.ScoreHistogram;
import io.sluice.core.candidate.supply.ArrivalRate;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How the books of a group are stored. */
public enum GroupStockLayout implements Layout<GroupStock> {
    INSTANCE;

    @Override
    public Class<GroupStock> type() {
        return GroupStock.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(GroupStock stock, DataOutput out) throws IOException {
        out.writeLong(stock.documents());
        out.writeLong(stock.tokens());
        out.writeLong(stock.admitted());
        out.writeLong(stock.turnedAway());
        out.writeLong(stock.removed());
        long[] counts = stock.scores().counts();
        Fields.writeVarLong(counts.length, out);
        for (long count : counts) {
            Fields.writeVarLong(count, out);
        }
        out.writeDouble(stock.arrivals().perSecond());
        out.writeLong(stock.arrivals().atMillis());
    }

    @Override
    public GroupStock read(DataInput in, int version) throws IOException {
        long documents = in.readLong();
        long tokens = in.readLong();
        long admitted = in.readLong();
        long turnedAway = in.readLong();
        long removed = in.readLong();
        long[] counts = new long[(int) Fields.readVarLong(in)];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Fields.readVarLong(in);
        }
        return new GroupStock(
                documents,
                tokens,
                admitted,
                turnedAway,
                removed,
                ScoreHistogram.of(counts),
                new ArrivalRate(in.readDouble(), in.readLong()));
    }
}
