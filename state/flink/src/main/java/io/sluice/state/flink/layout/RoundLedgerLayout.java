package io.sluice.state.flink.layout;

import io.sluice.core.domain.Attempt;
import io.sluice.core.round.RoundLedger;
import io.sluice.core.round.RoundLedger.OpenRound;
import io.sluice.state.flink.Fields;
import io.sluice.state.flink.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How a reducer's ledger is stored. */
public enum RoundLedgerLayout implements Layout<RoundLedger> {
    INSTANCE;

    @Override
    public Class<RoundLedger> type() {
        return RoundLedger.class;
    }

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(RoundLedger ledger, DataOutput out) throws IOException {
        out.writeLong(ledger.attempt());
        out.writeInt(ledger.reporters());
        out.writeLong(ledger.nextRound());
        out.writeInt(ledger.open().size());
        for (Map.Entry<Long, OpenRound> entry : ledger.open().entrySet()) {
            out.writeLong(entry.getKey());
            out.writeInt(entry.getValue().received());
            out.writeInt(entry.getValue().statements());
            out.writeInt(entry.getValue().due());
        }
        ShardRoundLayout.writeCounts(ledger.counts(), out);
        out.writeBoolean(ledger.counted());
    }

    @Override
    public RoundLedger read(DataInput in, int version) throws IOException {
        if (version == 1) {
            return readFirst(in);
        }
        return new RoundLedger(
                in.readLong(),
                in.readInt(),
                in.readLong(),
                readOpen(in, i -> new OpenRound(i.readInt(), i.readInt(), i.readInt())),
                ShardRoundLayout.readCounts(in),
                in.readBoolean());
    }

    /** Version 1 had the whole attempt, and no count of statements. */
    private static RoundLedger readFirst(DataInput in) throws IOException {
        Attempt attempt = AttemptLayout.INSTANCE.take(in);
        return new RoundLedger(
                attempt.number(),
                attempt.reporters().size(),
                in.readLong(),
                readOpen(in, i -> new OpenRound(i.readInt(), 0, 0)),
                ShardRoundLayout.readCounts(in),
                false);
    }

    private static SortedMap<Long, OpenRound> readOpen(
            DataInput in, Fields.Reader<OpenRound> reader) throws IOException {
        SortedMap<Long, OpenRound> open = new TreeMap<>();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            open.put(in.readLong(), reader.read(in));
        }
        return open;
    }
}
