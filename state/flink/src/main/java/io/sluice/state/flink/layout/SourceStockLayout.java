package io.sluice.state.flink.layout;

import io.sluice.core.candidate.admission.SourceStock;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** How the books of a source are stored. */
public enum SourceStockLayout implements Layout<SourceStock> {
    INSTANCE;

    @Override
    public Class<SourceStock> type() {
        return SourceStock.class;
    }

    @Override
    public int version() {
        return 1;
    }

    @Override
    public void write(SourceStock stock, DataOutput out) throws IOException {
        Fields.writeVarLong(stock.number(), out);
        Fields.writeVarLong(stock.documents(), out);
        Fields.writeVarLong(stock.tokens(), out);
    }

    @Override
    public SourceStock read(DataInput in, int version) throws IOException {
        return new SourceStock(
                (int) Fields.readVarLong(in), Fields.readVarLong(in), Fields.readVarLong(in));
    }
}
